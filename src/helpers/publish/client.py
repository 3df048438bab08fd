"""A client that knows from the kernel's own words when it is ready; jupyter_client waits twice for silence."""

from __future__ import annotations

import time
from queue import Empty

import zmq
from jupyter_client.asynchronous import AsyncKernelClient

_PATIENCE = 0.2
# Milliseconds until a client that came before its kernel looks again; zmq waits a tenth of a second.
_LOOKS_AGAIN = 5


class QuickClient(AsyncKernelClient):
    """Ready as soon as the answer to a question and the end of all that belongs to it have come."""

    def start_channels(self, *args: bool, **kwargs: bool) -> None:
        """Connect to the kernel, which may not listen yet."""
        self.context.setsockopt(zmq.RECONNECT_IVL, _LOOKS_AGAIN)
        super().start_channels(*args, **kwargs)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers on both channels, and nothing is left on them.

        Parameters
        ----------
        timeout : float, optional
            Seconds.

        Raises
        ------
        RuntimeError
            When the kernel dies, or the time is up.
        """
        end = time.monotonic() + (float("inf") if timeout is None else timeout)
        while True:
            question = self.kernel_info()
            if await self._replied(question) and await self._idle(question):
                return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > end:
                raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")

    async def _replied(self, question: str) -> bool:
        try:
            while True:
                message = await self.get_shell_msg(timeout=1)
                if message["parent_header"].get("msg_id") == question:
                    self._handle_kernel_info_reply(message)
                    return True
        except Empty:
            return False

    async def _idle(self, question: str) -> bool:
        """Tell whether the kernel said that it was done with the question; it is not heard before we are connected."""
        try:
            while True:
                message = await self.get_iopub_msg(timeout=_PATIENCE)
                own = message["parent_header"].get("msg_id") == question
                if own and message["content"].get("execution_state") == "idle":
                    return True
        except Empty:
            return False
