"""Watches a kernel from outside, its time, its memory and its log, and ends it for certain."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import BinaryIO

from helpers.publish.memory import MemoryPassed, family, held, held_alone, limit_in_use

# What the client should notice by itself is left to it for this long; then the kernel is killed under it.
BACKSTOP = 5.0
# A cell can fill a few hundred megabytes in this time, and nobody notices what the looking costs.
_PAUSE = 0.1
# Beyond what any error says, and too little to fill a disk.
_MAX_LOG = 10_000_000
_running: set[int] = set()


class Watch:
    """Looks after one kernel.

    Parameters
    ----------
    seconds : float
        After which it is killed.
    log : file
        What the kernel's process prints; emptied whenever it has grown too long.

    Attributes
    ----------
    broken : Exception or None
        Which rule the kernel has broken, for which it was killed.
    """

    def __init__(self, seconds: float, log: BinaryIO) -> None:
        self.ends, self.log, self.kernel = time.monotonic() + seconds, log, 0
        self.broken: Exception | None = None
        self._over = threading.Event()

    def begin(self, kernel: int) -> None:
        """Watch this process, the first of a group of its own."""
        self.kernel = kernel
        _running.add(kernel)

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Watch, and leave nothing of the kernel behind."""
        thread = threading.Thread(target=self._watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()
            # The kernel is gone; what its cells have started may not be.
            if self.kernel:
                _kill_group(self.kernel)
                _running.discard(self.kernel)

    def kill(self) -> None:
        """Kill the kernel with all that it has started."""
        if self.kernel:
            kill_kernel(self.kernel)

    def kill_children(self) -> None:
        """Kill what the kernel has started, also what has left its group; possible only while the kernel lives."""
        for child in list(family(self.kernel))[1:] if self.kernel else ():
            _kill(child)

    def _watch(self) -> None:
        limit = limit_in_use()
        while not self._over.wait(_PAUSE):
            if os.fstat(self.log.fileno()).st_size > _MAX_LOG:
                os.truncate(self.log.fileno(), 0)
            if time.monotonic() > self.ends:
                return self.kill()
            if self.kernel and held(self.kernel) > limit and (found := held_alone(self.kernel)) > limit:
                self.broken = MemoryPassed(limit, found)
                return self.kill()


def kill_kernel(kernel: int) -> None:
    """Kill a kernel, its group, and what it has started outside of it."""
    for process in list(family(kernel)):
        _kill(process)
    _kill_group(kernel)


def kill_kernels() -> None:
    """Kill every kernel this process has started, with all that they started."""
    for kernel in list(_running):
        kill_kernel(kernel)


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(process, signal.SIGKILL)
