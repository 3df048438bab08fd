"""How much memory one notebook may hold, and how much it holds.

A limit of addresses (``RLIMIT_AS``) would not do: libraries reserve far more than they use, and most of them crash
where it is refused. What counts is what lies in memory, of the kernel and of all that its cells have started.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

# In megabytes; for machines whose memory is shared with others.
CHOICE = "EXCX_MEMORY"
MEGABYTE = 1_000_000
# The rest is for the runner, the system and its file cache.
_SHARE = 0.8
# The heaviest notebook, 02, holds 1,250 MB on the demo company; less would fail reports that do no harm.
_LEAST = 2000 * MEGABYTE
_CGROUPS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_limit = 0


class MemoryPassed(Exception):
    """The notebook held more memory than it may.

    Parameters
    ----------
    limit, found : int
        Bytes.
    """

    def __init__(self, limit: int, found: int) -> None:
        super().__init__(
            f"notebook must stay within {limit // MEGABYTE:,} MB of memory; it held {found // MEGABYTE:,} MB and was "
            f"stopped. Use fewer --jobs, or set {CHOICE}."
        )


def memory_limit(jobs: int = 1) -> int:
    """Give the memory that each of several notebooks may hold.

    Parameters
    ----------
    jobs : int
        How many run at a time.

    Returns
    -------
    int
        Bytes: an equal part of four fifths of the memory of the machine or container, 2,000 MB at least; or what
        ``EXCX_MEMORY`` says.

    Raises
    ------
    ValueError
        When ``EXCX_MEMORY`` is no number of megabytes.
    """
    wished = os.environ.get(CHOICE, "")
    if wished:
        if not wished.isdecimal() or int(wished) < 1:
            raise ValueError(f"{CHOICE} must be a whole number of megabytes above 0; found {wished!r}.")
        return int(wished) * MEGABYTE
    return max(int(_machine() * _SHARE / jobs), _LEAST)


def use_limit(limit: int) -> None:
    """Let the notebooks of this process hold so many bytes each; as many as one alone may when 0."""
    global _limit
    _limit = limit


def limit_in_use() -> int:
    """Give the bytes that a notebook of this process may hold."""
    return _limit or memory_limit()


def held(pid: int) -> int:
    """Give the memory a process holds together with its descendants.

    Parameters
    ----------
    pid : int

    Returns
    -------
    int
        Bytes in memory; 0 where the system does not tell.
    """
    return sum(_resident(one) for one in family(pid))


def held_alone(pid: int) -> int:
    """Give the same, with what is shared counted only once; it takes the system longer to tell."""
    return sum(_proportional(one) for one in family(pid))


def family(pid: int) -> Iterator[int]:
    """Give a process and its descendants, the process first.

    Parameters
    ----------
    pid : int
    """
    yield pid
    with contextlib.suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                yield from family(int(child))


def _machine() -> int:
    total = os.sysconf("SC_PHYS_PAGES") * _PAGE if hasattr(os, "sysconf") else 4 * _LEAST
    limits = [total]
    for path in _CGROUPS:
        # "max" is no limit.
        with contextlib.suppress(OSError, ValueError):
            limits.append(int(Path(path).read_text()))
    return min(limits)


def _resident(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            return int(file.read().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _proportional(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/smaps_rollup", "rb") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith(b"Pss:"))
    except (OSError, StopIteration):
        return _resident(pid)
