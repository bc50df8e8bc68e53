"""Packages that compare systems over seeds, beside `xs.compare_conditions`, on the same simulated studies."""
