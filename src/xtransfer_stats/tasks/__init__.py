"""The catalogue: intermediate tasks, target tasks and the benchmarks made of them."""
