"""Whatever one notebook does, it harms no other report, and says why it failed."""

import contextlib
import threading

import psutil
import pytest
from batches import after, wait_until

OWN_DATA = "1 / (unit != 'nl')\n"
MEMORY = """
if unit == "all":
    kept = []
    while True:
        kept.append(b"x" * 50_000_000)
"""
PRINTS = """
import subprocess
if unit == "be":
    for _ in range(100):
        print("x" * 1_000_000)
    subprocess.run(["head", "-c", "100000000", "/dev/zero"])
"""
# In its group, out of it, and a daemon that has even lost its parent.
CHILDREN = """
import os, subprocess, time
if unit == "be":
    subprocess.Popen(["sleep", "600"])
    subprocess.Popen(["sleep", "600"], start_new_session=True, cwd="/")
    if os.fork() == 0:
        os.setsid()
        os.chdir("/")
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
"""
HANGS = "import time; time.sleep(600 if unit == 'all' else 0)\n"
WRITES = """
import subprocess, tempfile
Path("here").write_text("in its own place")
tempfile.mkdtemp()
assert subprocess.run(["touch", Path(dataset, "touched")], stderr=-3).returncode == 1
assert unit != "nl" or Path(dataset, "scores.csv").write_text("gone")
"""
SHOWS = """
from IPython.display import display, HTML
for _ in range(4 if unit == "be" else 0):
    display(HTML("<p>" + "x" * 5_000_000 + "</p>"))
"""


def test_a_night_of_bad_notebooks(batch):
    batch.fault(OWN_DATA + MEMORY + PRINTS + CHILDREN)
    batch.start(EXCX_MEMORY="700")
    heaviest = followed(batch)
    code, said = batch.ended()
    assert code == 1
    assert "notebook must stay within 700 MB of memory; it held " in said and "Use fewer --jobs" in said
    assert heaviest() < 400e6
    after(batch, all="notebook must stay within 700 MB", nl="ZeroDivisionError: division by zero", be="done")


@pytest.mark.slow
def test_another_night_of_bad_notebooks(batch):
    batch.fault(HANGS + WRITES + SHOWS)
    code, said = batch.run("--deadline", "30")
    assert code == 1
    assert "scores.csv" in said and str(batch.dataset) not in said.replace(f"excx report {batch.dataset}", "")
    assert not (batch.dataset / "touched").exists() and (batch.dataset / "scores.csv").stat().st_size > 50
    after(
        batch,
        all="notebook must finish within 30 seconds; it was stopped",
        nl="PermissionError: [Errno 13] Permission denied: '…/scores.csv'",
        be="ValueError: outputs must stay within 15,000,000 characters; found more. Show less.",
    )


def followed(batch):
    """Follow the memory of the runner and its workers; give a function that tells their peak in bytes."""
    peaks = {}

    def follow():
        while batch.runner.poll() is None:
            for process in batch.processes():
                # It may end at any moment.
                with contextlib.suppress(psutil.Error):
                    if any(word in " ".join(process.cmdline()) for word in ("forkserver", "helpers.cli")):
                        peaks[process.pid] = max(peaks.get(process.pid, 0), process.memory_info().rss)
            wait_until(lambda: batch.runner.poll() is not None, 0.25)

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()

    def heaviest():
        thread.join()
        assert len(peaks) > 2
        return max(peaks.values())

    return heaviest
