"""Tables in LaTeX: widths, columns, pages, floats, and the files that make them one document."""
