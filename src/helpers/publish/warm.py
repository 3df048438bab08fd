"""Where warm kernels come from: the template process of this batch, or of this process when there is no batch."""

from __future__ import annotations

import atexit
import contextlib
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence

from helpers.publish import template_process
from helpers.publish.passing import locked_folder, unlock

# "stock" starts every kernel from nothing, as JupyterLab does.
CHOICE = "EXCX_KERNEL"
# One notebook, one core: a batch runs as many as there are cores. The rest makes two runs give the same bytes.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # The allocator of pyarrow starts a thread otherwise, and what has threads must not be forked.
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    # debugpy, which every kernel imports, sets it where it is missing.
    "PYDEVD_USE_FRAME_EVAL": "NO",
    "MPLBACKEND": "agg",
    "PYTHONHASHSEED": "0",
    "PYTHONWARNINGS": "default",
    "PYTHONFAULTHANDLER": "1",
    "PYTHONSTARTUP": "",
    "SOURCE_DATE_EPOCH": "0",
}
_log = logging.getLogger(__name__)
_SECONDS_TO_END, _SECONDS_TO_ASK = 2.0, 5.0
# As the stock kernel's interpreter, where neither the script's folder nor the working one comes before the libraries.
_RUN = "import runpy, sys; sys.path[:] = filter(None, sys.path); runpy.run_path({script!r}, run_name='__main__')"


class Template:
    """A running template process; it ends with this process, whatever ends that."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.folder, self.lock = locked_folder()
        self.address = str(self.folder / "kernels")
        command = [sys.executable, "-Xfrozen_modules=off", "-c", _RUN.format(script=template_process.__file__)]
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self.address)
            listener.listen(128)
            descriptor = listener.fileno()
            self.process = subprocess.Popen(
                [*command, str(descriptor)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={**os.environ, **ENVIRONMENT},
                pass_fds=[descriptor],
                start_new_session=True,
            )

    def end(self) -> None:
        """End it; kernels end with the processes that asked for them."""
        self.process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(_SECONDS_TO_END)
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
        unlock(self.lock)


_own: Template | None = None
_given: str | None = None


def template_address() -> str:
    """Give the address of the template, started now if there is none.

    Returns
    -------
    str
        Empty where kernels cannot be forked: on other systems than Linux, when ``EXCX_KERNEL=stock``, or when it cannot
        be started, which is logged.
    """
    global _own
    if os.environ.get(CHOICE) == "stock":
        return ""
    if not sys.platform.startswith("linux"):
        _log.info("Kernels are forked on Linux only; this is %s.", sys.platform)
        return ""
    if _given is not None:
        return _given
    if _own is None or _own.owner != os.getpid():
        try:
            _own = Template()
        except OSError as error:
            _log.warning("Kernels cannot be forked, and are started from nothing: %s", error)
            return ""
    return _own.address


def use_template(address: str) -> None:
    """Take kernels from the template of the batch that this process works for.

    Parameters
    ----------
    address : str
        As `template_address` gave it to the batch.
    """
    global _given
    _given = address


def ask_for_stage(address: str, stage: Mapping[str, object]) -> None:
    """Let the template prepare what the kernels of a batch have in common, and do not wait for it.

    Parameters
    ----------
    address : str
        Of its socket.
    stage : mapping
        See `helpers.publish.stage.stage_wish`.

    Raises
    ------
    OSError
        When it does not answer.
    """
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_SECONDS_TO_ASK)
        connection.connect(address)
        send_wishes(connection, {"stage": dict(stage)}, [])


def send_wishes(connection: socket.socket, wishes: Mapping[str, object], outputs: Sequence[int]) -> None:
    """Send a request to the template.

    Parameters
    ----------
    connection : socket
        To the template.
    wishes : mapping
        See `helpers.publish.template_process.Request`.
    outputs : sequence of int
        Descriptors of standard output and error; none where no kernel is asked for.
    """
    with open(os.memfd_create("wishes"), "w+", encoding="utf-8") as file:
        json.dump(dict(wishes), file)
        file.flush()
        file.seek(0)
        socket.send_fds(connection, [b"?"], [file.fileno(), *outputs])


def end_template() -> None:
    """End the template of this process: each batch has its own."""
    global _own
    ended, _own = _own, None
    if ended is not None and ended.owner == os.getpid():
        ended.end()


atexit.register(end_template)
