"""Steps on disk: one folder a step, published by its manifest."""
