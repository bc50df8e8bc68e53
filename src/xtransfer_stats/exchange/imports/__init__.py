"""Anybody's results as scores: readers give raw tables, one recogniser their meaning, one writer the frame."""
