"""Where the criterion is least: descents, starts, other valleys."""
