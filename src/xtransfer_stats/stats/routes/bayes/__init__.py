"""The Bayesian route: a hierarchical normal model of the seeds' own contrasts, sampled by numpyro (extra `bayes`)."""
