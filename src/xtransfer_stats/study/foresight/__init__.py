"""What a finished plan foretells: what it costs, what its sources lack, which steps serve several runs."""
