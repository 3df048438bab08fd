"""Run all notebooks on the canaries, as a user does: a process of its own, whose folders are looked through afterwards.

As a script: ``run.py DATASET REPORTS few|all``.
"""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
from rich.console import Console

from canary.dataset import FIRST, REPORTED, ROOT, SILENT, write_dataset
from helpers.datasets.dataset import open_dataset
from helpers.datasets.folders import project_root
from helpers.publish.batch import run_batch
from helpers.publish.index import write_index
from helpers.publish.parameters import notebook_parameters
from helpers.publish.progress import Progress
from helpers.publish.task import Planner

JOBS = 2
# A canary shows up with few random draws as well as with thousands.
DRAWS = 199
# A notebook stopped this soon fails and leaves a log.
TOO_SOON = 0.1
LANGUAGES = ("nl", "en")
GAP, UNIT = "02_gallup_quartiles", "10_unit_report"
# Names no report may tell; the machine's own may be words, such as root.
USER, HOST = "canary-user-7f3a", "canary-host-7f3a"


def make_canary_run(folder, *, extent="few"):
    """Write ``data/canary``, make its reports in both languages, and keep what the process printed and left.

    ``"all"`` runs every notebook for the organisation, two business units and the silent team, in both languages;
    ``"few"`` runs them for the organisation in Dutch, and in English or for others only where they say something else.
    Both add a page with its code and one that fails.
    """
    write_dataset(folder / "data" / "canary")
    left = folder / "t"
    left.mkdir()
    command = [sys.executable, __file__, str(folder / "data" / "canary"), str(folder / "reports"), extent]
    names = dict.fromkeys(("USER", "LOGNAME", "USERNAME"), USER) | {"HOSTNAME": HOST, "TMPDIR": str(left)}
    path = {"PYTHONPATH": str(Path(__file__).parents[1])}
    ended = subprocess.run(command, capture_output=True, env={**os.environ, **names, **path}, check=False)
    (folder / "stdout").write_bytes(ended.stdout)
    (folder / "stderr").write_bytes(ended.stderr)
    assert ended.returncode == 0, ended.stderr.decode()


def main(dataset_folder, reports, extent):
    """Make the reports, one with its code and one that is stopped among them, and the index in each language."""
    dataset = open_dataset(dataset_folder)
    planner, with_code = Planner(dataset, reports), Planner(dataset, reports / "code")
    notebooks = sorted((project_root() / "notebooks").glob("*.ipynb"))
    gap, unit = (next(path for path in notebooks if path.stem == name) for name in (GAP, UNIT))
    choices = set(itertools.product(notebooks, REPORTED, LANGUAGES))
    if extent == "few":
        choices = {(notebook, ROOT, "nl") for notebook in notebooks}
        choices |= {(unit, ROOT, "en"), (gap, SILENT, "en"), (unit, SILENT, "nl")}
    tasks = [
        planner.task(notebook, unit=of, language=language, parameters=_fewer_draws(notebook))
        for notebook, of, language in sorted(choices)
    ]
    tasks.append(with_code.task(unit, unit=FIRST, code=True, parameters=_fewer_draws(unit)))
    tasks.append(planner.task(unit, unit="t1", deadline=TOO_SOON))
    records = run_batch(tasks, jobs=JOBS, teller=Progress(Console(stderr=True)))
    for language in LANGUAGES:
        index = write_index(planner, language)
        index.rename(index.with_stem(f"index.{language}"))
    print(json.dumps([[record.notebook, record.unit, record.language, record.state] for record in records]))


def _fewer_draws(notebook):
    known = notebook_parameters(nbformat.read(notebook, as_version=4))
    return {name: DRAWS for name in ("draws", "n_boot") if name in known}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
