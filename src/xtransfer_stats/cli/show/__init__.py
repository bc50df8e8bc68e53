"""What the command line shows; the library prints nothing."""
