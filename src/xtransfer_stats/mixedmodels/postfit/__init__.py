"""What is asked of a fitted formula: tests of terms, marginal means, slopes, contrasts."""
