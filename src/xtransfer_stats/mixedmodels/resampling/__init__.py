"""The parametric bootstrap: responses drawn on the sufficient statistics and fitted again, side by side."""
