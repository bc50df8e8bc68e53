"""Results that rest on the runs' own numbers: effects, steps, interactions, and whatever is asked of them."""
