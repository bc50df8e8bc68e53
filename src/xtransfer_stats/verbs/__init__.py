"""The library's verbs: what the command line and Python users call."""
