"""What every analysis stands on: the score frame, runs, weights, estimands, inference, rows of results."""
