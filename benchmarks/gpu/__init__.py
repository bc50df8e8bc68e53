"""Training throughput on a GPU: the product's loop beside transformers.Trainer, on random weights of XLM-R's shapes."""
