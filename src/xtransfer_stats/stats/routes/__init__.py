"""Other routes to the estimands of the mixed analysis: run-level paired tests and the bootstrap."""
