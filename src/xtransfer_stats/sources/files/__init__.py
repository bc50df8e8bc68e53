"""Local copies of data sets: every file is known by its content, whatever its name claims."""
