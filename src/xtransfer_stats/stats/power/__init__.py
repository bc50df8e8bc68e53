"""Power and planning of run-level studies: how many seeds, task sets and languages an effect asks for."""
