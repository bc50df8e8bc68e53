"""What `doctor` looks at: packages, machine, hub, store; each gives findings."""
