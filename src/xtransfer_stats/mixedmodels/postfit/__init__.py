"""What users ask of a fitted formula: how well it fits, its random effects, predictions, marginal means, tests."""
