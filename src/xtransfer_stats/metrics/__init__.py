"""One small file per family of scores, equal to the official scorers; no torch."""
