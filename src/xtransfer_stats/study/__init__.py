"""From a recipe to a graph of steps."""
