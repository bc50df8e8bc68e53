"""Gaussian mixed models: notation, fit, small-sample inference, parametric bootstrap."""
