"""A kernel of its own for each notebook: where it runs, what it sees, and its certain end.

Papermill's default engine waits per cell and saves a timed-out notebook as complete; the one here has one deadline for
the whole notebook, and leaves no process behind.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines

from helpers.publish.client import QuickClient
from helpers.publish.provisioner import provided
from helpers.publish.warm import ENVIRONMENT, template_address

ENGINE = "excx"
KERNEL = "python3"
# What the client should notice by itself is left to it for this long; then the kernel is killed under it.
BACKSTOP = 5.0
# The address of a Unix socket may hold 107 characters; the kernel's five are a little longer than its folder.
_LONGEST_FOLDER = 80
_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())
_log.propagate = False
_running: set[int] = set()


class DeadlinePassed(Exception):
    """The notebook was still running when its time was up.

    Parameters
    ----------
    deadline : float
        Seconds it had.
    """

    def __init__(self, deadline: float) -> None:
        super().__init__(f"notebook must finish within {deadline:g} seconds; it was stopped. Raise --deadline.")


def kill_kernels() -> None:
    """Kill every kernel this process has started, with all that they started."""
    for group in list(_running):
        _kill_group(group)


class _Client(PapermillNotebookClient):
    """Papermill's client with a private kernel and one deadline for everything."""

    def __init__(self, nb_man: Any, *, workplace: Path, deadline: float, **options: Any) -> None:
        self.workplace, self.seconds, self.ends, self.group = workplace, deadline, time.monotonic() + deadline, 0
        options |= {"log": _log, "timeout_func": lambda cell: self.left, "iopub_timeout": _whole(deadline)}
        options |= {"startup_timeout": _whole(deadline), "shutdown_kernel": "immediate", "force_raise_errors": True}
        options |= {"store_widget_state": False, "record_timing": False}
        super().__init__(nb_man, km=None, **options)

    @property
    def left(self) -> float:
        """Seconds left; never 0, which the client takes for "no limit"."""
        return max(self.ends - time.monotonic(), 0.001)

    def create_kernel_manager(self) -> AsyncKernelManager:
        """Prepare the kernel of the running environment."""
        # No folders to look in: whatever kernels are installed for this user, ours is the running environment's.
        specs = KernelSpecManager(kernel_dirs=[])
        connection = {"connection_file": str(self.workplace / "kernel.json"), "transport": _transport(self.workplace)}
        connection["client_factory"] = QuickClient
        self.km = AsyncKernelManager(kernel_name=KERNEL, kernel_spec_manager=specs, log=_log, **connection)
        self.km.kernel_spec.metadata |= provided(template_address(), self.left)
        return self.km

    def run(self) -> None:
        """Execute the notebook.

        Raises
        ------
        DeadlinePassed
            Whatever it was that took so long.
        """
        with open(self.workplace / "kernel.log", "ab") as log, _backstop(self):
            try:
                self.execute(cwd=str(self.workplace / "cwd"), env=_environment(self.workplace), stdout=log, stderr=log)
            except Exception:
                if self.left <= 0.001:
                    raise DeadlinePassed(self.seconds) from None
                raise

    def start_new_kernel(self, **options: Any) -> None:
        """Start the kernel, and remember the processes it is the first of."""
        super().start_new_kernel(**options)
        self.group = self.km.provisioner.pgid
        _running.add(self.group)


class _Engine(NBClientEngine):
    """What papermill calls."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, workplace: Path, deadline: float, **_: Any
    ) -> None:
        """Execute the notebook papermill has prepared."""
        _Client(nb_man, workplace=workplace, deadline=deadline, kernel_name=kernel_name).run()


papermill_engines.register(ENGINE, _Engine)


def execute(nb: nbformat.NotebookNode, parameters: dict, workplace: Path, deadline: float) -> nbformat.NotebookNode:
    """Run a notebook in a kernel of its own.

    Parameters
    ----------
    nb : NotebookNode
    parameters : dict
        Checked: see `helpers.publish.parameters.check_parameters`.
    workplace : Path
        A private folder. The kernel works in ``cwd`` inside it; ``kernel.log`` holds what the process itself printed.
    deadline : float
        Seconds.

    Returns
    -------
    NotebookNode
        Executed, every cell without an exception.

    Raises
    ------
    DeadlinePassed, papermill.PapermillExecutionError, nbclient.exceptions.DeadKernelError
    """
    import papermill

    (workplace / "cwd").mkdir()
    source = workplace / "source.ipynb"
    nbformat.write(nb, source)
    return papermill.execute_notebook(
        source,
        None,
        parameters,
        engine_name=ENGINE,
        kernel_name=KERNEL,
        language="python",
        progress_bar=False,
        request_save_on_cell_execute=False,
        workplace=workplace,
        deadline=deadline,
    )


@contextlib.contextmanager
def _backstop(client: _Client) -> Iterator[None]:
    timer = threading.Timer(client.seconds + BACKSTOP, lambda: _kill_group(client.group))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        # The kernel is gone; what its cells have started may not be.
        _kill_group(client.group)
        _running.discard(client.group)


def _kill_group(group: int) -> None:
    if group:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def _environment(workplace: Path) -> dict[str, str]:
    # The user's own start-up files and settings of IPython are none of the report's business.
    return {**os.environ, **ENVIRONMENT, "IPYTHONDIR": str(workplace / "ipython")}


def _transport(workplace: Path) -> str:
    return "ipc" if os.name == "posix" and len(str(workplace)) <= _LONGEST_FOLDER else "tcp"


def _whole(seconds: float) -> int:
    return max(1, int(seconds + 0.999))
