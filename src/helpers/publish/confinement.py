"""What a kernel does to itself before the first cell of a notebook: fewer places to write to, and a limit to its words.

It keeps mishaps small; it is no prison. Reading and the network stay open, and so does whatever a cell undoes on
purpose. Nothing here is needed for the page: where the system lacks a means, the kernel goes on without.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

# Printed text never reaches a page; it helps whoever looks for an error.
MAX_PRINTED = 1_000_000
# A page holds 300,000 characters; what shows fifty times that has gone astray.
MAX_SHOWN = 15_000_000
CUT = "\n[printed text must stay within {limit:,} characters; what comes after is left out]\n"
# What Landlock calls its rights: bits 1 and 4-14 are those that change something, refer and truncate came later.
_WRITE_FILE, _CHANGES, _REFER, _TRUNCATE = 1 << 1, 0b111111111 << 4, 1 << 13, 1 << 14
_ON_FILES = _WRITE_FILE | _TRUNCATE
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASKS_VERSION, _BENEATH = 1, 1
_NO_NEW_PRIVILEGES, _SUBREAPER = 38, 36
_FIRST_VICTIM = "500"


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def confine(folders: Iterable[str]) -> None:
    """Confine this process, the kernel, and all that it will start.

    Parameters
    ----------
    folders : iterable of str
        Where it may write. Elsewhere it gets a `PermissionError`, on Linux 5.13 or newer.
    """
    from ipykernel.displayhook import ZMQShellDisplayHook
    from ipykernel.iostream import OutStream
    from ipykernel.zmqshell import ZMQDisplayPublisher

    limit_printed(OutStream)
    limit_shown((ZMQDisplayPublisher, "publish"), (ZMQShellDisplayHook, "write_format_data"))
    if sys.platform.startswith("linux"):
        # If memory runs out, this process goes before the one that keeps account of the batch.
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(_FIRST_VICTIM)
        adopt_orphans()
        forbid_writing([*folders, "/dev"])


def adopt_orphans() -> None:
    """Let descendants whose parents end become children of this process; else they could outlive it unseen."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def forbid_writing(folders: Iterable[str]) -> bool:
    """Forbid this thread, and those it will start, to change files anywhere else.

    Parameters
    ----------
    folders : iterable of str
        Those that are missing are passed over.

    Returns
    -------
    bool
        Whether the system knows how.

    References
    ----------
    Linux kernel documentation, Landlock: unprivileged access control.
    """
    system = ctypes.CDLL(None, use_errno=True)
    version = system.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASKS_VERSION)
    if version < 1:
        return False
    rights = ctypes.c_uint64(
        _WRITE_FILE | _CHANGES | (_REFER if version > 1 else 0) | (_TRUNCATE if version > 2 else 0)
    )
    rules = system.syscall(_CREATE_RULESET, ctypes.byref(rights), ctypes.c_size_t(8), 0)
    for folder in filter(os.path.exists, folders):
        _allow(system, rules, folder, rights.value)
    system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    restricted = system.syscall(_RESTRICT_SELF, rules, 0) == 0
    os.close(rules)
    return restricted


def limit_printed(stream: type) -> None:
    """Send the first `MAX_PRINTED` characters that are printed, and drop the rest.

    Parameters
    ----------
    stream : type
        Of ipykernel. Its method ``write`` is another one in each cell; what is sent goes through ``_flush_buffers``.
    """
    taken, left = stream._flush_buffers, MAX_PRINTED

    def limited(self: Any) -> Iterator[tuple[object, str]]:
        nonlocal left
        for parent, text in taken(self):
            if left > 0:
                yield parent, text[:left] + (CUT.format(limit=MAX_PRINTED) if len(text) > left else "")
            left -= len(text)

    stream._flush_buffers = limited


def limit_shown(*ways: tuple[type, str]) -> None:
    """Raise an error in the cell that shows more than `MAX_SHOWN` characters, together with those before it.

    Parameters
    ----------
    *ways : tuple of type and str
        Classes, and names of their methods whose first argument holds what is shown, by kind.
    """
    left = MAX_SHOWN

    def limited(show: Callable[..., Any]) -> Callable[..., Any]:
        def limited_show(self: Any, data: Mapping[str, object], *arguments: Any, **options: Any) -> Any:
            nonlocal left
            size = sum(len(one) for one in data.values() if isinstance(one, (str, bytes)))
            if size > left:
                raise ValueError(f"outputs must stay within {MAX_SHOWN:,} characters; found more. Show less.")
            left -= size
            return show(self, data, *arguments, **options)

        return limited_show

    for kind, name in ways:
        setattr(kind, name, limited(getattr(kind, name)))


def _allow(system: ctypes.CDLL, rules: int, path: str, rights: int) -> None:
    place = os.open(path, os.O_PATH)
    rule = _Beneath(rights if os.path.isdir(path) else rights & _ON_FILES, place)
    system.syscall(_ADD_RULE, rules, _BENEATH, ctypes.byref(rule), 0)
    os.close(place)
