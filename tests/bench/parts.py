"""The processes of a running batch by the part each plays, and what they hold at one moment. Standard library only."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from meter import children_of_all, memory_mb

PARTS = ("parent", "workers", "template", "kernels", "other")
_OURS = ("parent", "workers")
# What a process allocates. Of libraries and other files the share depends on who else on the machine uses them.
_ALLOCATED = "Pss_Anon"
_MB = 1024 * 1024
# Words in the command lines of what the parent starts itself.
_STARTED = {"multiprocessing.forkserver": "fork server", "template_process": "template"}
_BELOW = {"fork server": "workers", "workers": "kernels", "kernels": "kernels", "other": "other"}


@dataclass(frozen=True)
class Sample:
    """What a batch holds at one moment.

    Parameters
    ----------
    reports : int
        Finished by then.
    seconds : float
        Since the batch began.
    held : mapping of str to float
        By figure: MB allocated by each of `PARTS`, `disk` (MB) and `files` of the private temporary folder,
        `processes`, `threads` of parent and workers, `descriptors of parent`, `descriptors of workers`.
    """

    reports: int
    seconds: float
    held: Mapping[str, float]


def held(parent: int, folder: Path) -> dict[str, float]:
    """Look at a batch.

    Parameters
    ----------
    parent : int
        Its first process.
    folder : Path
        Its private temporary folder.

    Returns
    -------
    dict of str to float
        See `Sample`.
    """
    members = parts(parent)
    found = {part: sum(memory_mb(process, _ALLOCATED) for process in processes) for part, processes in members.items()}
    found["processes"] = sum(map(len, members.values()))
    found["threads"] = sum(_entries(process, "task") for part in _OURS for process in members[part])
    found |= {f"descriptors of {part}": sum(_entries(process, "fd") for process in members[part]) for part in _OURS}
    return found | disk(folder)


def can_look() -> bool:
    """Tell whether this system says what a process has allocated: Linux 5.3 or newer."""
    return memory_mb(os.getpid(), _ALLOCATED) > 0


def parts(parent: int) -> dict[str, list[int]]:
    """Tell the processes of a batch apart.

    Returns
    -------
    dict of str to list of int
        Process numbers by part. The process that workers are forked from counts with them, since they share its memory;
        so does what the template forks to read the data with the template.
    """
    children, found = children_of_all(), {part: [] for part in PARTS}
    waiting = [(parent, "parent")]
    while waiting:
        process, part = waiting.pop()
        found["workers" if part == "fork server" else part].append(process)
        waiting += [(child, _part(child, part)) for child in children[process]]
    return found


def disk(folder: Path) -> dict[str, float]:
    """Say how much a folder takes on disk; what goes away meanwhile is not counted."""
    sizes = _sizes(folder)
    return {"disk": sum(sizes) / _MB, "files": len(sizes)}


def _part(process: int, above: str) -> str:
    if above == "parent":
        return _started(process)
    if above == "template":
        return "kernels" if _leads_a_session(process) else "template"
    return _BELOW[above]


def _leads_a_session(process: int) -> bool:
    try:
        return os.getsid(process) == process
    except OSError:
        return False


def _started(process: int) -> str:
    try:
        command = Path(f"/proc/{process}/cmdline").read_text(errors="replace")
    except OSError:
        return "other"
    return next((part for word, part in _STARTED.items() if word in command), "other")


def _entries(process: int, folder: str) -> int:
    try:
        return len(os.listdir(f"/proc/{process}/{folder}"))
    except OSError:
        return 0


def _sizes(folder: Path | str) -> Sequence[int]:
    sizes = []
    try:
        for entry in os.scandir(folder):
            if entry.is_dir(follow_symlinks=False):
                sizes += _sizes(entry.path)
            else:
                sizes.append(512 * entry.stat(follow_symlinks=False).st_blocks)
    except OSError:
        pass
    return sizes
