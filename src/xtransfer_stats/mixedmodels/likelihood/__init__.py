"""The profiled criterion and what it is made of: cross-products, the lead and its elimination."""
