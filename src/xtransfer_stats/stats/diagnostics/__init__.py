"""What an analysis rests on and whether its models fit: residuals, influence, normality, convergence."""
