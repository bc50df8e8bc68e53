"""Anybody's results as a frame of scores: readers give raw tables, one recogniser their meaning, one writer the frame."""
