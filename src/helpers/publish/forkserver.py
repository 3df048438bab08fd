"""The processes that workers and kernels are forked from; everything heavy is imported in them once."""

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

    from helpers.publish.warm import template_address

    template_address()
    worker_context()
    ensure_running()
