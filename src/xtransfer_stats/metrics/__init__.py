"""Scores of predictions, equal to the official scorers to the digit; `scoring` has the table by family. No torch."""
