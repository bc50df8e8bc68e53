"""The errors a user can meet. Each names the argument, the value and the remedy.

The library raises them; only the command line turns one into a message and an exit code.
"""


class XstatsError(Exception):
    """Root of every error that is the user's to mend, printed without a traceback."""


class RecipeError(XstatsError):
    """A recipe or an option holds a key or a value that no study can have."""


class DataError(XstatsError):
    """A data set or a table lacks what the step or the analysis needs."""


class StoreError(XstatsError):
    """The store cannot be read or written, or holds a damaged step."""


class FitError(XstatsError):
    """A model cannot be estimated from these data as it is stated."""


class MissingExtra(XstatsError):
    """A command needs packages that an extra of this package brings."""


class StudyIncomplete(XstatsError):
    """Some steps of a study failed; the message lists them."""
