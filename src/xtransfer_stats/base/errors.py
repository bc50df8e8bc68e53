"""The errors a user can meet. Each names the argument, the value and the remedy.

The library raises them; only the command line turns one into a message and an exit code.
"""

import re
from collections.abc import Iterable


class XstatsError(Exception):
    """Root of every error that is the user's to mend, printed without a traceback.

    arguments: the words of the message that are names of arguments, as a Python user spells them, or phrases that
    begin with one ("store 'mine'"), where the bare word means something else beside. The command line, which has
    options in their place, writes those (`in_options`).
    """

    def __init__(self, message: str, arguments: Iterable[str] = ()):
        super().__init__(message)
        self.arguments = tuple(arguments)

    def in_options(self) -> str:
        """The message with `--an-option` for every argument `an_option` that the error says it names."""
        words = "|".join(map(re.escape, sorted(self.arguments, key=len, reverse=True)))
        if not words:
            return str(self)
        return re.sub(rf"(?<![\w-])({words})(?!\w)", lambda phrase: _as_option(phrase[0]), str(self))


def _as_option(phrase: str) -> str:
    name, space, rest = phrase.partition(" ")
    return f"--{name.replace('_', '-')}{space}{rest}"


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
