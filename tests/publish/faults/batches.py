"""A batch of three small reports in processes of its own, what may be done to it, and how it must look afterwards."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from helpers.publish.manifest import MANIFEST

UNITS = ("all", "nl", "be")
FAULT = "fault.py"
# Runs what lies beside the data under this name, so that a fault can come and go without another notebook.
HOLE = f"""from pathlib import Path
fault = Path(dataset).parent / {FAULT!r}
exec(fault.read_text() if fault.exists() else "")"""
PAGE = """import csv
from IPython.display import HTML
rows = csv.DictReader(Path(dataset, "scores.csv").open())
HTML(f"<p>{unit}: {[row['estimate'] for row in rows if row['unit_id'] == unit]}</p>")"""
MARK = "EXCX_TEST_MARK"
# Generous: a busy machine is slow, and nothing here waits for longer than it has to.
PATIENCE = 120.0


def wait_until(condition, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < end:
        time.sleep(0.05)
    return found


@dataclass
class Batch:
    """Runs of one request, in a folder of its own.

    Parameters
    ----------
    dataset, notebook, passing : Path
        `passing` is the folder for passing files.
    pages : dict of unit to bytes
        Of a run that nothing disturbed.
    reports : Path
    """

    dataset: Path
    notebook: Path
    passing: Path
    pages: dict[str, bytes]
    reports: Path
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)
    runner: subprocess.Popen | None = None

    @property
    def folder(self):
        return self.reports / "tiny"

    def fault(self, code):
        """Let this run in the first cell of each notebook, until `mend`."""
        (self.dataset.parent / FAULT).write_text(code)

    def mend(self):
        (self.dataset.parent / FAULT).unlink(missing_ok=True)

    def start(self, *options, **environment):
        units = [part for unit in UNITS for part in ("-u", unit)]
        command = [sys.executable, "-m", "helpers.cli", "report", self.dataset, "-n", self.notebook, *units]
        self.runner = subprocess.Popen(
            [*command, "--jobs", "2", "--reports", self.reports, *options],
            env={**os.environ, "TMPDIR": str(self.passing), MARK: self.mark, **environment},
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # Tests started in the background of a shell ignore Ctrl-C, and would hand that on.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        return self.runner

    def ended(self):
        """Wait for the runner's end; give its exit code and what it said."""
        said = self.runner.communicate(timeout=PATIENCE)[1]
        return self.runner.returncode, said

    def run(self, *options, **environment):
        self.start(*options, **environment)
        return self.ended()

    def signs(self):
        """Give the units whose cell has left a sign, with what it says."""
        folder = self.dataset / ".cache"
        found = {path.name.removeprefix("sign-"): path.read_text() for path in folder.glob("sign-*")}
        return {unit: text for unit, text in found.items() if text}

    def processes(self):
        """Give all that descends from any run, wherever it has gone."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process):
        try:
            return process.environ().get(MARK) == self.mark and process.status() != psutil.STATUS_ZOMBIE
        except (psutil.Error, OSError):
            return False

    def page(self, unit):
        found = list(self.folder.glob(f"{unit}-*/*.html"))
        assert len(found) <= 1
        return found[0].read_bytes() if found else None

    def records(self):
        """Give the lines of the manifest that can be read, by unit."""
        path = self.folder / MANIFEST
        found = {}
        for line in path.read_text().splitlines() if path.exists() else ():
            record = json.loads(line)
            found.setdefault(record["unit"], []).append(record)
        return found

    def kill_all(self):
        for process in self.processes():
            process.kill()
        if self.runner:
            self.runner.wait()


def after(batch, **expected):
    """Check what must hold after any fault, then that ``--resume`` finishes, and that all is as if nothing had been.

    Parameters
    ----------
    batch : Batch
        Whose runner has ended.
    **expected : str
        By unit: ``"done"``, words of the error in the manifest, or ``""`` when there must be no line about it.
    """
    assert_nothing_left(batch)
    before = batch.records()
    for unit, state in expected.items():
        record = before[unit][-1] if unit in before else None
        assert (record is None) == (state == ""), (unit, record)
        if record:
            assert record["state"] == "done" if state == "done" else state in record["error"], record
    assert_true_to_the_manifest(batch)
    batch.mend()
    code, said = batch.run("--resume", EXCX_KERNEL="stock")
    assert code == 0, said
    assert {unit: batch.page(unit) for unit in UNITS} == batch.pages
    assert {unit: lines[-1]["state"] for unit, lines in batch.records().items()} == dict.fromkeys(UNITS, "done")
    kept = [unit for unit, lines in before.items() if lines[-1]["state"] == "done"]
    assert all(batch.records()[unit] == before[unit] for unit in kept), "a finished report was made again"
    assert not list(batch.folder.glob(".logs/*"))
    assert_nothing_left(batch)


def assert_nothing_left(batch):
    """No process, no passing folder, no half-written file."""
    assert wait_until(lambda: not batch.processes(), 20), [process.cmdline() for process in batch.processes()]
    assert wait_until(lambda: not list(batch.passing.iterdir()), 20), list(batch.passing.iterdir())
    assert not list(batch.reports.rglob(".writing-*"))


def assert_true_to_the_manifest(batch):
    """A page is whole or absent; a line that says done has its page, one that says failed its log and no page."""
    for unit in UNITS:
        page, records = batch.page(unit), batch.records().get(unit, [])
        assert page in (None, batch.pages[unit]), f"half a page of {unit}"
        if records:
            assert (page is not None) == (records[-1]["state"] == "done")
            assert not records[-1]["log"] or (batch.folder / records[-1]["log"]).read_text()
