"""A Dask cluster of real processes on this machine, for tests."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

LOCAL = ["--host", "127.0.0.1", "--no-dashboard"]
# Generous: a busy machine is slow, and nothing here waits for longer than it has to.
PATIENCE = 120.0


def wait_until(condition, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


class Cluster:
    """A scheduler, and the workers that were asked for."""

    def __init__(self):
        # Short: sockets are made below it.
        self.folder = Path(tempfile.mkdtemp(prefix="d", dir="/tmp"))
        self.processes = []
        file = self.folder / "scheduler.json"
        self._start("scheduler", "--port", "0", "--scheduler-file", file)
        assert wait_until(lambda: file.exists() and file.read_text().rstrip().endswith("}")), self.log(0)
        self.address = json.loads(file.read_text())["address"]

    def worker(self, threads=1):
        """Start a worker, and give its processes: a nanny, and the one that works."""
        number = len(self.processes)
        nanny = self._start("worker", self.address, "--nthreads", threads, "--local-directory", self.folder)
        assert wait_until(lambda: "Starting established connection" in self.log(number)), self.log(number)
        return [nanny, *nanny.children(recursive=True)]

    def log(self, number):
        """What a process has printed, the scheduler being the first."""
        return (self.folder / f"{number}.log").read_text()

    def running(self):
        """List what still works below the folder of this cluster: kernels, and what their cells have started."""
        found = (process.info for process in psutil.process_iter(["cmdline", "cwd"]))
        lines = (" ".join([*(info["cmdline"] or []), f"in {info['cwd']}"]) for info in found)
        return [line for line in lines if f"{self.folder}/dask-scratch-space/" in line]

    def stop(self):
        """End all that was started, and all that those have started."""
        family = [one for process in self.processes for one in _family(process)]
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family, PATIENCE)
        shutil.rmtree(self.folder)

    def _start(self, kind, *options):
        command = [sys.executable, "-m", "dask", kind, *map(str, options), *LOCAL]
        with (self.folder / f"{len(self.processes)}.log").open("w") as log:
            streams = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            process = psutil.Popen(command, **streams, cwd=self.folder, env=os.environ.copy(), start_new_session=True)
        self.processes.append(process)
        return process


def _family(process):
    with contextlib.suppress(psutil.NoSuchProcess):
        return [process, *process.children(recursive=True)]
    return [process]
