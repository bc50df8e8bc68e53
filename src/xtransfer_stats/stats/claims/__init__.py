"""The literature's claims as tests: what each says, what a study's runs say to it, and the verdict."""
