"""From a number back to what it was made from: weights, runs, steps of the store, versions, commands."""
