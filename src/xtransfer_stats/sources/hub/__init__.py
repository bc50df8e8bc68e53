"""Data sets of the model hub, at recorded commits."""
