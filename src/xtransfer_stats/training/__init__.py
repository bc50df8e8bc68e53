"""The three phases on torch; the only package that imports it."""
