"""Engines run the missing steps of a plan."""
