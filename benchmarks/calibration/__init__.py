"""Simulated studies of known truth, and how often each method offered is wrong about them."""
