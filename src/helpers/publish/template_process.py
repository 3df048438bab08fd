"""The process that warm kernels are forked from. A script of its own, so that it holds nothing of helpers.

What is imported here is shared by all kernels forked afterwards; code of ours could be older than the notebook's. It
runs in one task, without event loop or zmq context: a fork copies the calling thread alone.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import gc
import importlib
import json
import os
import random
import select
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

# In the order in which they serve more and more notebooks: who asks early gets a kernel with less in it.
LIBRARIES = (
    "ipykernel.ipkernel", "numpy", "pandas", "tomllib", "jinja2", "pyarrow.csv", "pyarrow.parquet", "pyarrow.dataset",
    "pyarrow.pandas_compat", "babel.messages.pofile", "babel.numbers", "babel.dates", "babel.lists", "scipy.stats",
    "xml.etree.ElementTree", "matplotlib.pyplot", "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg", "matplotlib_inline.backend_inline", "ibis.backends.duckdb",
    "statsmodels.regression.linear_model", "statsmodels.stats.meta_analysis",
)  # fmt: skip
# What is read once, when the interpreter or a library starts: another value asks for another process.
READ_ONCE = ("PYTHON", "MPL", "LD_", "LC_", "LANG", "JE_ARROW", "OMP_", "OPENBLAS_", "MKL_")
# Nobody else is served while one who has called says nothing.
PATIENCE = 30.0
_SUBREAPER = 36


class Request:
    """What a runner asks for: a kernel, its environment, and where its own words go.

    Parameters
    ----------
    connection : socket
        Sends three descriptors: a file with ``argv``, ``env`` and ``cwd`` as JSON, standard output, standard error.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.connection.settimeout(PATIENCE)
        _, self.descriptors, _, _ = socket.recv_fds(connection, 1, 3)
        with open(self.descriptors[0], encoding="utf-8", closefd=False) as file:
            wishes = json.load(file)
        self.argv, self.env, self.cwd = wishes["argv"], wishes["env"], wishes["cwd"]

    def problem(self) -> str:
        """Say why this process must not be copied for this request; empty when it may."""
        tasks = len(os.listdir("/proc/self/task"))
        if tasks != 1:
            return f"template must be a single task; found {tasks}."
        if any(name.split(".")[0] == "helpers" for name in sys.modules):
            return "template must hold nothing of helpers; found it imported."
        ours, wished = _read_once(os.environ), _read_once(self.env)
        other = sorted(name for name in ours.keys() | wished.keys() if ours.get(name) != wished.get(name))
        return f"environment must be the template's; found another {other[0]}." if other else ""

    def close(self) -> None:
        """Leave the rest to the child."""
        for descriptor in self.descriptors:
            os.close(descriptor)
        self.connection.close()


def main(descriptor: int) -> None:
    """Import, and fork a kernel for each request until the runner of the batch ends.

    Parameters
    ----------
    descriptor : int
        The listening socket. Standard input ends with the runner.
    """
    from ipykernel.kernelapp import launch_new_instance

    listener = socket.socket(fileno=descriptor)
    # What a kernel leaves behind becomes a child of this process, and ends with it.
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    request = _serve(listener)
    if request is None:
        _end_children()
        _remove(Path(listener.getsockname()))
        return
    listener.close()
    _become_kernel(request)
    launch_new_instance()


def _serve(listener: socket.socket) -> Request | None:
    """Give the request in the child that is to fulfil it, and None when the runner has ended."""
    for library in (*LIBRARIES, ""):
        _prepare(library)
        while ready := select.select([listener, 0], [], [], 0 if library else None)[0]:
            if 0 in ready:
                return None
            with contextlib.suppress(OSError, ValueError):
                if request := _answer(listener.accept()[0]):
                    return request
    return None


def _prepare(library: str) -> None:
    if library:
        with contextlib.suppress(ImportError):
            importlib.import_module(library)
    else:
        # What the kernels share stays shared: collecting garbage would write into it.
        gc.collect()
        gc.freeze()


def _answer(connection: socket.socket) -> Request | None:
    """Fork; the child gets the request."""
    _reap()
    request = Request(connection)
    problem = request.problem()
    try:
        if not problem and os.fork() == 0:
            return request
    except OSError as error:
        problem = str(error)
    if problem:
        connection.sendall(problem.encode())
    request.close()
    return None


def _become_kernel(request: Request) -> None:
    """Forget the template: session, signals, files, environment, place, and the state of what is random."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for target, source in ((0, os.open(os.devnull, os.O_RDONLY)), *enumerate(request.descriptors[1:], start=1)):
        os.dup2(source, target)
    for descriptor in request.descriptors:
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(request.env)
    os.chdir(request.cwd)
    time.tzset()
    tempfile.tempdir = None
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    sys.argv = request.argv
    _tie(request.connection)


def _tie(connection: socket.socket) -> None:
    """Report to the runner, and let the system kill this process group when the runner's end of the line closes.

    The system does it by itself: a thread would wait for its turn in a cell that holds the interpreter.
    """
    connection.settimeout(None)
    pidfd = os.pidfd_open(os.getpid())
    socket.send_fds(connection, [str(os.getpid()).encode()], [pidfd])
    os.close(pidfd)
    if not connection.recv(1):
        os._exit(1)
    fcntl.fcntl(connection, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(connection, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(connection, fcntl.F_SETFL, fcntl.fcntl(connection, fcntl.F_GETFL) | os.O_ASYNC)
    # It may have closed in between, which sends no signal any more.
    if select.select([connection], [], [], 0)[0]:
        os._exit(1)
    # Never closed while this process lives, not even by the garbage collector.
    connection.detach()


def _end_children() -> None:
    """Kill kernels and what they left; the children of the killed come next, until there are none."""
    with contextlib.suppress(ChildProcessError):
        while True:
            for child in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
                os.kill(int(child), signal.SIGKILL)
            os.waitpid(-1, 0)


def _reap() -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _read_once(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(READ_ONCE)}


def _remove(address: Path) -> None:
    with contextlib.suppress(OSError):
        address.unlink()
        address.parent.rmdir()


if __name__ == "__main__":
    main(int(sys.argv[1]))
