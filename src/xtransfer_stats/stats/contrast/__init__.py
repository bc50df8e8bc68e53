"""Linear hypotheses by name, and equivalence of the headline results."""
