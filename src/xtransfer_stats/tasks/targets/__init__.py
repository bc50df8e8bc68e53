"""The target tasks and their English trainings, one file a group; tasks.target collects them."""
