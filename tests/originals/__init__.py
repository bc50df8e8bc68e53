"""A folder of made-up data in the original formats of every data set, and a tiny XLM-R to run on it."""
