"""The process that warm kernels are forked from. A script of its own, so that it holds nothing of helpers.

What is imported here is shared by all kernels forked afterwards; code of ours could be older than the notebook's. It
runs in one task, without event loop or zmq context: a fork copies the calling thread alone.

For a batch it forks one process more, the *stage*, which imports our code too and reads the data. A request names the
state of both; only while that is the state the stage has found do kernels come from there.
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
    "ipykernel.ipkernel", "ipykernel.debugger", "numpy", "pandas", "tomllib", "jinja2", "pyarrow.csv",
    "pyarrow.parquet", "pyarrow.dataset", "pyarrow.pandas_compat", "babel.messages.pofile", "babel.numbers",
    "babel.dates", "babel.lists", "scipy.stats", "xml.etree.ElementTree", "matplotlib.pyplot",
    "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg", "matplotlib_inline.backend_inline",
    "ibis.backends.duckdb", "statsmodels.regression.linear_model", "statsmodels.stats.meta_analysis",
)  # fmt: skip
# What is read once, when the interpreter or a library starts: another value asks for another process.
READ_ONCE = ("PYTHON", "MPL", "LD_", "LC_", "LANG", "JE_ARROW", "OMP_", "OPENBLAS_", "MKL_")
STAGE = "helpers.publish.stage"
# Nobody else is served while one who has called says nothing.
PATIENCE = 30.0
_SUBREAPER, _DIE_WITH_PARENT = 36, 1
_READY = b"ready"
_LONGEST_WORD = 1000


class Request:
    """What a runner asks for: a kernel, its environment, and where its own words go.

    Parameters
    ----------
    connection : socket
    descriptors : list of int
        A file with ``argv``, ``env`` and ``cwd`` as JSON, standard output, standard error. ``stage`` says what the
        kernel may hold from its start; where there is no ``argv``, a stage alone is asked for.
    """

    def __init__(self, connection: socket.socket, descriptors: list[int]) -> None:
        self.connection, self.descriptors = connection, descriptors
        self.connection.settimeout(PATIENCE)
        os.lseek(descriptors[0], 0, os.SEEK_SET)
        with open(descriptors[0], encoding="utf-8", closefd=False) as file:
            wishes = json.load(file)
        self.argv, self.env, self.cwd = wishes.get("argv"), wishes.get("env", {}), wishes.get("cwd")
        self.stage: dict[str, object] = wishes.get("stage") or {}
        self.note = ""

    def problem(self, *, staged: bool) -> str:
        """Say why this process must not be copied for this request; empty when it may."""
        tasks = len(os.listdir("/proc/self/task"))
        if tasks != 1:
            return f"template must be a single task; found {tasks}."
        if not staged and any(name.split(".")[0] == "helpers" for name in sys.modules):
            return "template must hold nothing of helpers; found it imported."
        ours, wished = _read_once(os.environ), _read_once(self.env)
        other = sorted(name for name in ours.keys() | wished.keys() if ours.get(name) != wished.get(name))
        return f"environment must be the template's; found another {other[0]}." if other else ""

    def close(self) -> None:
        """Leave the rest to the child."""
        for descriptor in self.descriptors:
            os.close(descriptor)
        self.connection.close()


class Stage:
    """What the template knows of the stage.

    Parameters
    ----------
    wish : dict
        ``key`` names the state of code and data; the rest is for `helpers.publish.stage.prepare`.
    """

    def __init__(self, wish: Mapping[str, object]) -> None:
        self.wish, self.key, self.pid = wish, wish.get("key"), 0
        self.line: socket.socket | None = None
        self.is_ready, self.problem = False, ""

    def begin(self) -> socket.socket | None:
        """Fork it; the child gets its end of the line."""
        with contextlib.suppress(OSError):
            self.line, its_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            self.pid = os.fork()
            if self.pid == 0:
                self.line.close()
                return its_end
            its_end.close()
        return None

    def hear(self) -> None:
        """Take its word that it is ready, or why it is not; then nothing is asked of it."""
        word = b""
        # One that was killed with requests before it resets the line.
        with contextlib.suppress(OSError):
            word = self.line.recv(_LONGEST_WORD)
        self.is_ready = word == _READY
        if not self.is_ready:
            self.problem = word.decode(errors="replace") or "the stage has died."
            # It ends by itself.
            self.pid = 0
            self.end()

    def end(self) -> None:
        """Let it go; the kernels that came from it live on, and one that is not ready has none."""
        if self.line is not None:
            if self.pid and not self.is_ready:
                os.kill(self.pid, signal.SIGKILL)
            self.line.close()
        self.line, self.is_ready = None, False

    def takes(self, request: Request) -> bool:
        """Pass a request on, if it asks for what is held there."""
        if request.stage.get("key") != self.key:
            return False
        request.note = self.problem
        if not self.is_ready:
            return False
        try:
            socket.send_fds(self.line, [b"?"], [request.connection.fileno(), *request.descriptors])
        except OSError:
            self.end()
            return False
        request.close()
        return True


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
    stage = Stage({})
    for library in (*LIBRARIES, ""):
        _prepare(library)
        if stage.key and not library and (line := stage.begin()):
            return _serve_staged(line, stage.wish, listener)
        while ready := select.select([listener, 0, *filter(None, [stage.line])], [], [], 0 if library else None)[0]:
            if 0 in ready:
                return None
            if stage.line in ready:
                stage.hear()
            if listener not in ready:
                continue
            with contextlib.suppress(OSError, ValueError):
                request = _received(listener.accept()[0])
                if request.stage and request.stage["key"] != stage.key:
                    stage.end()
                    stage = Stage(request.stage)
                    if not library and (line := stage.begin()):
                        request.close()
                        return _serve_staged(line, stage.wish, listener)
                if request.argv is None:
                    request.close()
                elif not stage.takes(request) and _forked(request):
                    return request
    return None


def _serve_staged(line: socket.socket, wish: Mapping[str, object], listener: socket.socket) -> Request:
    """Import our code, read the data, and do as the template does, for as long as the template lives."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    listener.close()
    try:
        importlib.import_module(STAGE).prepare(wish)
        _settle()
        tasks = len(os.listdir("/proc/self/task"))
        if tasks != 1:
            raise RuntimeError(f"stage must be a single task; found {tasks}.")
        line.send(_READY)
        while descriptors := socket.recv_fds(line, 1, 4)[1]:
            with contextlib.suppress(OSError, ValueError):
                request = Request(socket.socket(fileno=descriptors[0]), list(descriptors[1:]))
                if _forked(request, staged=True):
                    line.close()
                    return request
    except Exception as error:
        line.send(f"{type(error).__name__}: {error}".encode()[:_LONGEST_WORD])
    os._exit(0)


def _prepare(library: str) -> None:
    if library:
        with contextlib.suppress(ImportError):
            importlib.import_module(library)
    else:
        _settle()


def _settle() -> None:
    # What the kernels share stays shared: collecting garbage would write into it.
    gc.collect()
    gc.freeze()


def _received(connection: socket.socket) -> Request:
    connection.settimeout(PATIENCE)
    descriptors = list(socket.recv_fds(connection, 1, 3)[1])
    if not descriptors:
        raise ValueError("request must come with its wishes; found none.")
    return Request(connection, descriptors)


def _forked(request: Request, *, staged: bool = False) -> bool:
    """Fork; tell in the child that it is the one."""
    _reap()
    problem = request.problem(staged=staged)
    try:
        if not problem and os.fork() == 0:
            return True
    except OSError as error:
        problem = str(error)
    if problem:
        request.connection.sendall(problem.encode())
    request.close()
    return False


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
    _tie(request.connection, request.note)


def _tie(connection: socket.socket, note: str) -> None:
    """Report to the runner, and let the system kill this process group when the runner's end of the line closes.

    The system does it by itself: a thread would wait for its turn in a cell that holds the interpreter.
    """
    connection.settimeout(None)
    pidfd = os.pidfd_open(os.getpid())
    socket.send_fds(connection, [f"{os.getpid()}\n{note}".encode()], [pidfd])
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
