"""Files of other systems: the leaderboard's layout of predictions and labels, and the scores of both benchmarks."""
