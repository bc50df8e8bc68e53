"""Published tables as studies: single runs without seeds, and what can and cannot be inferred from them."""
