"""The process that workers are forked from, with everything heavy imported once; light enough to be started first."""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import ForkServerContext

_PRELOADED = ["helpers.publish.engine"]


def worker_context() -> ForkServerContext:
    """Give the way in which workers are started."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


def warm_up() -> None:
    """Start importing in the background, while this process still reads its data."""
    from multiprocessing.forkserver import ensure_running

    worker_context()
    ensure_running()
