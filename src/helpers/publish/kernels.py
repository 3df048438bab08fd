"""A kernel of its own for each notebook: where it runs, what it sees, and its certain end.

Papermill's default engine waits per cell and saves a timed-out notebook as complete; the one here has one deadline for
the whole notebook, and leaves no process behind.
"""

from __future__ import annotations

import logging
import os
import time
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
from helpers.publish.watch import BACKSTOP, Watch

ENGINE = "excx"
KERNEL = "python3"
# The address of a Unix socket may hold 107 characters; the kernel's five are a little longer than its folder.
_LONGEST_FOLDER = 80
_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())
_log.propagate = False


class DeadlinePassed(Exception):
    """The notebook was still running when its time was up.

    Parameters
    ----------
    deadline : float
        Seconds it had.
    """

    def __init__(self, deadline: float) -> None:
        super().__init__(f"notebook must finish within {deadline:g} seconds; it was stopped. Raise --deadline.")


class _Client(PapermillNotebookClient):
    """Papermill's client with a private kernel and one deadline for everything."""

    def __init__(self, nb_man: Any, *, workplace: Path, deadline: float, **options: Any) -> None:
        self.workplace, self.seconds, self.ends = workplace, deadline, time.monotonic() + deadline
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
        with open(self.workplace / "kernel.log", "ab") as log:
            self.watch = Watch(self.left + BACKSTOP, log)
            try:
                with self.watch.watching():
                    self.execute(
                        cwd=str(self.workplace / "cwd"), env=_environment(self.workplace), stdout=log, stderr=log
                    )
            except Exception:
                if self.watch.broken:
                    raise self.watch.broken from None
                if self.left <= 0.001:
                    raise DeadlinePassed(self.seconds) from None
                raise

    def start_new_kernel(self, **options: Any) -> None:
        """Start the kernel, and watch it."""
        super().start_new_kernel(**options)
        self.watch.begin(self.km.provisioner.pgid)

    def _cleanup_kernel(self) -> None:
        self.watch.kill_children()
        super()._cleanup_kernel()


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
    DeadlinePassed, MemoryPassed, papermill.PapermillExecutionError, nbclient.exceptions.DeadKernelError
    """
    import papermill

    for own in ("cwd", "tmp"):
        (workplace / own).mkdir()
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


def _environment(workplace: Path) -> dict[str, str]:
    # The user's own start-up files and settings of IPython are none of the report's business; and what cells leave in
    # the folder for passing files goes with the workplace.
    return {**os.environ, **ENVIRONMENT, "IPYTHONDIR": str(workplace / "ipython"), "TMPDIR": str(workplace / "tmp")}


def _transport(workplace: Path) -> str:
    return "ipc" if os.name == "posix" and len(str(workplace)) <= _LONGEST_FOLDER else "tcp"


def _whole(seconds: float) -> int:
    return max(1, int(seconds + 0.999))
