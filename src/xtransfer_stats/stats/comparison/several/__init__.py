"""More than two studies at once: the mean over them, and how much they differ."""
