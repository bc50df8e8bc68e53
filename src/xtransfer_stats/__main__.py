"""`python -m xtransfer_stats`."""

from xtransfer_stats.cli import main

if __name__ == "__main__":
    main()
