"""Exit codes: one set for every command (docs/commands.md)."""

from enum import IntEnum

from xtransfer_stats.base.errors import StoreError, StudyIncomplete, XstatsError


class Code(IntEnum):
    """What a command ends with."""

    DONE = 0  # done, and the answer is yes where one was asked for
    NO = 1  # done, and the answer is no: not shown, damaged, incomplete, to mend; or store, disk or a step failed
    WRONG = 2  # what was given is wrong: an option, a recipe, data; or what it needs is not installed
    STOPPED = 130  # by Ctrl-C
    CUT = 141  # the reader of the output (head, less) has had enough
    TERMINATED = 143  # by SIGTERM


def code_of(error: XstatsError) -> Code:
    """The code of an error."""
    return Code.NO if isinstance(error, StoreError | StudyIncomplete) else Code.WRONG
