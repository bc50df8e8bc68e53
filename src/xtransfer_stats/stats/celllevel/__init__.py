"""The cell-level mixed model: languages, shrunken target tasks, terms, shares of variance."""
