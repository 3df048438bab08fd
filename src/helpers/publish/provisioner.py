"""Kernels forked from a template that has imported the heavy libraries already; stock kernels where that fails."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
import socket
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from subprocess import TimeoutExpired
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from traitlets import Float, Unicode

from helpers.publish.stage import stage_wish
from helpers.publish.warm import send_wishes

NAME = "excx-forked"
_SECONDS_TO_DIE = 1.0
_log = logging.getLogger(__name__)
_told: set[str] = set()


class NotForked(Exception):
    """The template gave no kernel."""


class ForkedKernel:
    """A process that is not our child, with what `subprocess.Popen` offers of one.

    Parameters
    ----------
    connection : socket
        While it is open, the kernel may live.
    pid, pidfd : int
    """

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, pid: int, pidfd: int) -> None:
        self.connection, self.pid, self.pidfd = connection, pid, pidfd
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Give 0 once it has ended, however it did."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises
        ------
        subprocess.TimeoutExpired
        """
        if self._ended(timeout) is None:
            raise TimeoutExpired("kernel", timeout or 0)
        return 0

    def send_signal(self, signum: int) -> None:
        """Send it a signal."""
        if self.poll() is None:
            signal.pidfd_send_signal(self.pidfd, signum)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self.pidfd], [], [], timeout)[0]:
            self.returncode = 0
            os.close(self.pidfd)
            self.connection.close()
        return self.returncode


class ForkingProvisioner(LocalProvisioner):
    """Launches kernels by forking; set by `helpers.publish.kernels` for its own kernels alone."""

    address = Unicode(help="Where the template listens.")
    patience = Float(60.0, help="Seconds to wait for the template, before a stock kernel is started.")

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel, or start a stock one and say why."""
        try:
            self.process = fork_kernel(self.address, self.patience, cmd, **kwargs)
        except (OSError, ValueError, NotForked) as error:
            _tell(f"Kernel was not forked, but started from nothing: {error or type(error).__name__}")
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid
        self.cwd = kwargs["cwd"]
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Kill the group, and see its end at once: whoever waits by looking now and then loses a tenth of a second."""
        await super().kill(restart)
        if isinstance(self.process, ForkedKernel):
            self.process._ended(_SECONDS_TO_DIE)


def provided(address: str, patience: float) -> dict[str, object]:
    """Give what the metadata of a kernel must say for it to be forked.

    Parameters
    ----------
    address : str
        Of the template; empty for a stock kernel.
    patience : float
        Seconds.

    Returns
    -------
    dict
        Empty for a stock kernel.
    """
    if not address:
        return {}
    if not _is_installed(NAME):
        _tell(f"Kernels are started from nothing: {NAME} is no entry point of this environment. Install excx again.")
        return {}
    return {"kernel_provisioner": {"provisioner_name": NAME, "config": {"address": address, "patience": patience}}}


@cache
def _is_installed(name: str) -> bool:
    return bool(entry_points(group=KernelProvisionerFactory.GROUP_NAME, name=name))


def fork_kernel(
    address: str,
    patience: float,
    cmd: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: str,
    stdout: Any,
    stderr: Any,
    **_,
) -> ForkedKernel:
    """Ask the template for a kernel.

    Parameters
    ----------
    address : str
        Of its socket.
    patience : float
        Seconds.
    cmd : sequence of str
        What would start a stock kernel.
    env : mapping of str to str
    cwd : str
    stdout, stderr : file

    Raises
    ------
    NotForked
        With the template's reason.
    OSError
        When it does not answer.
    """
    wishes = {"argv": _arguments(cmd), "env": dict(env), "cwd": str(cwd), "stage": stage_wish()}
    with contextlib.ExitStack() as ends:
        connection = socket.socket(socket.AF_UNIX)
        ends.callback(connection.close)
        connection.settimeout(patience)
        connection.connect(address)
        send_wishes(connection, wishes, [stdout.fileno(), stderr.fileno()])
        answer, descriptors, _, _ = socket.recv_fds(connection, 2000, 1)
        said, _, note = answer.decode(errors="replace").partition("\n")
        if not descriptors:
            raise NotForked(said or "the template ended the line.")
        connection.sendall(b"!")
        ends.pop_all()
    if note:
        _tell(f"Kernel was forked without our code and data in it: {note}")
    return ForkedKernel(connection, int(said), descriptors[0])


def _arguments(cmd: Sequence[str]) -> list[str]:
    launcher = "ipykernel_launcher"
    if "-m" not in cmd or cmd[cmd.index("-m") + 1] != launcher:
        raise NotForked(f"command must run {launcher}; found {' '.join(cmd)}.")
    return [find_spec(launcher).origin, *cmd[cmd.index(launcher) + 1 :]]


def _tell(message: str) -> None:
    if message not in _told:
        _told.add(message)
        _log.warning(message)
