"""What the exit code of a command says, for whoever runs it unattended."""

from __future__ import annotations

# For `check` and `audit`, 1 says that something was found.
ALL_MADE, SOME_FAILED, REFUSED, STOPPED = 0, 1, 2, 130


class BrokenOff(Exception):
    """The batch could not go on once reports were being made.

    Parameters
    ----------
    cause : object
        What went wrong, in words.
    """

    def __init__(self, cause: object) -> None:
        super().__init__(f"{str(cause).rstrip('.')}. What was finished is kept; go on with --resume.")


def is_foreseen(error: BaseException) -> bool:
    """Tell whether one line says it all; a traceback is for errors nobody foresaw."""
    from helpers.stats.estimates import NotApplicable

    return isinstance(error, (ValueError, TypeError, OSError, NotApplicable, BrokenOff))


def exit_code(error: BaseException | None) -> int:
    """Give the exit code for what ended a command; `ALL_MADE` when nothing did."""
    if error is None:
        return ALL_MADE
    if isinstance(error, KeyboardInterrupt):
        return STOPPED
    return REFUSED if is_foreseen(error) and not isinstance(error, BrokenOff) else SOME_FAILED
