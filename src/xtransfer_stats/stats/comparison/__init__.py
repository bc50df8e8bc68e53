"""Two studies side by side: what each gains, and the difference with its error."""
