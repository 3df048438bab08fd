"""Run a command, and say what it took, with all that it started: seconds, processor seconds, and peak memory.

python tests/bench/meter.py COMMAND …

Standard library only. Processes that lose their parent become children of this one, so that none is forgotten; memory
is the proportional share of each (PSS), so that what forked processes have in common counts once.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections import defaultdict

_SUBREAPER = 36
_PAUSE = 0.5


def main(command: list[str]) -> int:
    """Print one JSON object: ``seconds``, ``cpu``, ``peak_mb``; give the exit code of the command."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    over, peak, start = threading.Event(), [0.0], time.monotonic()
    watcher = threading.Thread(target=_watch, args=(over, peak))
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    watcher.start()
    code = run.wait()
    seconds = time.monotonic() - start
    over.set()
    watcher.join()
    _wait_for_the_rest()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "peak_mb": peak[0]}))
    return code


def _watch(over: threading.Event, peak: list[float]) -> None:
    while not over.wait(_PAUSE):
        peak[0] = max(peak[0], sum(map(memory_mb, _descendants(os.getpid()))))


def _descendants(process: int) -> list[int]:
    children, found, waiting = children_of_all(), [], [process]
    while waiting:
        below = children[waiting.pop()]
        found += below
        waiting += below
    return found


def children_of_all() -> defaultdict[int, list[int]]:
    """Give the children of each process of this machine."""
    children = defaultdict(list)
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat") as file:
                # The name of a program may hold anything; what follows it is plain.
                children[int(file.read().rpartition(")")[2].split()[1])].append(int(entry))
        except OSError:
            continue
    return children


def memory_mb(process: int, kind: str = "Pss") -> float:
    """Give the proportional share of a process, of all or one kind of its memory; 0 when it has ended."""
    try:
        with open(f"/proc/{process}/smaps_rollup") as file:
            return next(int(line.split()[1]) for line in file if line.startswith(f"{kind}:")) / 1024
    except (OSError, StopIteration):
        return 0.0


def _wait_for_the_rest() -> None:
    try:
        while True:
            os.wait()
    except ChildProcessError:
        return


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
