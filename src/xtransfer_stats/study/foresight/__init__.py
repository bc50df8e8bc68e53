"""What a finished plan foretells: what it costs, and what its sources lack."""
