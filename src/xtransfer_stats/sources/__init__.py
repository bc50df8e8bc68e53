"""Where examples come from: one contract, several sources."""
