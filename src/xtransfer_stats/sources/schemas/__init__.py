"""Records (a row as a mapping from column to value) -> examples: what Parquet, JSON lines, CSV and the hub share."""
