"""A comparison's tables, chart and files."""
