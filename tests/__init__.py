"""A package, so that no other distribution's folder `tests` is taken for it."""
