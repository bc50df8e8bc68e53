"""The ground: errors, numbers as text, files of the checkout, seeds, sealed JSON. It imports nothing of the package."""

__version__ = "0.1.0"
