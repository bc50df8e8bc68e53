"""The table of single intermediate tasks: each on each target task, the best of them, and sets beside their members."""
