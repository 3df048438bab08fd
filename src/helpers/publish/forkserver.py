"""The processes that workers and kernels are forked from; everything heavy is imported in them once."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from functools import cache
from multiprocessing.context import ForkServerContext
from multiprocessing.util import Finalize, get_temp_dir
from pathlib import Path

from helpers.publish.passing import locked_folder, remove_folder

_PRELOADED = ["helpers.publish.engine"]


def worker_context() -> ForkServerContext:
    """Give the way in which workers are started."""
    socket_folder()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


def socket_folder() -> Path:
    """Give the folder in which multiprocessing keeps its sockets: ours, for others to clear up after a kill."""
    return _socket_folder(os.getpid())


@cache
def _socket_folder(process: int) -> Path:
    folder, _ = locked_folder()
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        get_temp_dir()
    finally:
        tempfile.tempdir = before
    # After multiprocessing's own end, which fails where its folder is gone.
    Finalize(None, remove_folder, args=(folder,), exitpriority=-200)
    return folder


def warm_up() -> None:
    """Start importing in the background, while this process still reads its data."""
    from multiprocessing.forkserver import ensure_running

    from helpers.publish.warm import template_address

    template_address()
    worker_context()
    ensure_running()
