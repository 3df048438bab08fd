"""How a report ended, and what went wrong in one line and in full."""

from __future__ import annotations

import re
import traceback
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Literal

from helpers.publish.private_paths import without_folders

State = Literal["done", "not applicable", "failed"]
# Enough for any traceback; a notebook that prints without end must not fill the disk through its log.
MAX_LOG = 20_000
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Outcome:
    """How a task ended.

    Parameters
    ----------
    state : {"done", "not applicable", "failed"}
    seconds : float
    error : str
        First line of what went wrong; empty otherwise.
    details : str
        All of it, for the log.
    """

    state: State
    seconds: float = 0.0
    error: str = ""
    details: str = ""


def failure(error: BaseException, log: str = "") -> Outcome:
    """Describe an error as an outcome, in one line and in full.

    Parameters
    ----------
    error : BaseException
    log : str
        What else is known, put behind the traceback.
    """
    first = _first_line(error)
    full = "".join(traceback.format_exception(error))
    # The first line stands in the index and the manifest, which are passed on; the log is for whoever ran this.
    details = _COLOURS.sub("", f"{first}\n\n{full}\n{log}")[:MAX_LOG]
    return Outcome("failed", error=without_folders(first), details=details)


def _first_line(error: BaseException) -> str:
    # By name: what runs notebooks is slow to import, and nothing else here needs it.
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if "PapermillExecutionError" in kinds:
        return f"{error.ename}: {error.evalue}".strip().split("\n", 1)[0]
    if "DeadKernelError" in kinds or "Kernel died" in str(error):
        return "kernel must live to the last cell; it died (out of memory, or a crash)."
    if isinstance(error, BrokenProcessPool):
        return "process must live to the end; it ended twice (killed, out of memory, or far beyond its deadline)."
    return (str(error).strip() or type(error).__name__).split("\n", 1)[0]
