"""Text for every task, generated from packages of the index: command templates and the CLDR's names."""
