"""What `excx report` does: choose notebooks and units, run them, and say what became of them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from helpers.datasets.dataset import Dataset
from helpers.datasets.folders import project_root
from helpers.datasets.heads import check_heads
from helpers.datasets.masking import known_releases, record_release
from helpers.datasets.problems import suggest
from helpers.publish.batch import run_batch
from helpers.publish.exits import BrokenOff
from helpers.publish.index import write_index
from helpers.publish.manifest import latest_records
from helpers.publish.request import Request
from helpers.publish.stamps import Stamp
from helpers.publish.task import Planner, Task
from helpers.publish.telling import Teller

UNIT_REPORT = "10_unit_report"


def make_reports(
    dataset: Dataset,
    request: Request,
    *,
    reports: Path | None = None,
    jobs: int | None = None,
    cluster: str = "",
    teller: Teller | None = None,
) -> int:
    """Make the reports asked for and the index, and tell how it went.

    Parameters
    ----------
    dataset : Dataset
    request : Request
    reports : Path, optional
        The folder ``reports/``; that of the project when left out.
    jobs : int, optional
        How many at a time; the number of cores, or of the cluster's workers, when left out.
    cluster : str
        Address of a Dask scheduler; empty for processes on this machine.
    teller : Teller, optional
        Hears how it goes.

    Returns
    -------
    int
        The exit code: 1 when a report failed, else 0.

    Raises
    ------
    ValueError
        For a table that cannot be read, an unknown notebook, unit, level or parameter, when a rule of the release does
        not hold or the ledger was altered, and for a cluster that would make other reports: before anything runs.
    BrokenOff
        When the batch could not go on: the disk is full, or the cluster gone.
    """
    teller = teller or Teller()
    check_heads(dataset)
    planner = Planner(dataset, reports or project_root() / "reports")
    stamp = Stamp(dataset, request, planner.reports)
    tasks = plan_failed(planner, request) if request.only_failed else plan_tasks(planner, request)
    if tasks:
        # Written down before anything is shown: a report that the ledger does not know could not be set against later.
        release = record_release(dataset)
        tasks = [replace(task, release=release) for task in tasks]
        _run(planner, tasks, request, jobs=jobs, cluster=cluster, teller=teller)
        if not teller.failed and not request.only_failed:
            stamp.write((task.target for task in tasks), teller.unchanged.n_earlier)
    teller.end(planner.folder, _again(dataset, request, reports, cluster))
    return teller.exit_code


def _run(planner: Planner, tasks: list[Task], request: Request, *, teller: Teller, **where: object) -> None:
    """Run the batch; the index tells what is there, however it ended."""
    try:
        try:
            known = known_releases(planner.dataset)
            run_batch(tasks, resume=request.resume, releases=known, teller=teller, **where)
        finally:
            if teller.records or teller.unchanged.n:
                teller.index = write_index(planner, request.language)
    except (OSError, ValueError) as error:
        if not teller.running and not teller.records:
            raise
        raise BrokenOff(error) from error


def plan_tasks(planner: Planner, request: Request) -> list[Task]:
    """Turn a request into tasks; wrong names are refused before anything runs."""
    available = _available()
    chosen = [find_notebook(name, available) for name in request.notebooks]
    unit_report = [find_notebook(UNIT_REPORT, available)] if request.level or (request.units and not chosen) else []
    pairs = [(one, unit) for unit in request.units for one in chosen or unit_report]
    if not request.units:
        pairs += [(one, "") for one in chosen or available]
    if request.level:
        pairs += [(one, unit) for unit in planner.dataset.hierarchy.at_level(request.level) for one in unit_report]
    options = {"language": request.language, "code": request.code, "deadline": request.deadline}
    options["parameters"] = request.parameters
    if request.audience:
        pairs = _for_audience(pairs, request)
        options["parameters"] = (*request.parameters, f"audience={request.audience}")
    return [planner.task(one, unit=unit, **options) for one, unit in pairs]


def _for_audience(pairs: Sequence[tuple[Path, str]], request: Request) -> list[tuple[Path, str]]:
    """Keep the unit reports, and refuse to make them for everybody at once under another audience."""
    chosen = [(one, unit) for one, unit in pairs if one.stem == UNIT_REPORT and unit]
    if not chosen:
        raise ValueError(
            f"audience {request.audience} must go with unit reports; found none asked for. Name units with --unit."
        )
    return chosen


def plan_failed(planner: Planner, request: Request) -> list[Task]:
    """Make tasks of the reports that failed last, from what the manifest says of them."""
    available = _available()
    chosen = [find_notebook(name, available) for name in request.notebooks]
    by_name = {path.stem: path for path in chosen or available}
    units, languages = request.units or planner.dataset.hierarchy, (request.language or "en nl").split()
    return [
        planner.task(
            by_name[record.notebook],
            unit=record.unit,
            language=record.language,
            parameters=record.parameters,
            code=request.code,
            deadline=request.deadline,
        )
        for record in latest_records(planner.folder).values()
        if record.state == "failed"
        and record.notebook in by_name
        and record.unit in units
        and record.language in languages
    ]


def find_notebook(name: str, available: Sequence[Path]) -> Path:
    """Find a notebook by its name, the beginning of its name, or its path.

    Parameters
    ----------
    name : str
        ``"02_gallup_quartiles"``, ``"02"`` or ``"trial/mine.ipynb"``.
    available : sequence of Path

    Raises
    ------
    ValueError
        When there is none, with the near ones.
    """
    if name.endswith(".ipynb") and Path(name).is_file():
        return Path(name)
    stem = name.removesuffix(".ipynb")
    found = [path for path in available if path.stem == stem or path.stem.startswith(f"{stem}_")]
    if not found:
        names = [path.stem for path in available]
        raise ValueError(f"notebook must be one of the collection; found {name!r}. {suggest(name, names)}".strip())
    return found[0]


def _available() -> list[Path]:
    return sorted((project_root() / "notebooks").glob("*.ipynb"))


def _again(dataset: Dataset, request: Request, reports: Path | None, cluster: str) -> str:
    by_name = dataset.folder.resolve() == (project_root() / "data" / dataset.name).resolve()
    command = ["excx", "report", dataset.name if by_name else str(dataset.folder), "--only-failed"]
    own = [part for name in request.notebooks if name.endswith(".ipynb") for part in ("--notebook", name)]
    where = {"--reports": str(reports or ""), "--cluster": cluster}
    return shlex.join([*command, *own, *(part for option in where.items() if option[1] for part in option)])
