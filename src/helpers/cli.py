"""The command line, `excx`. Heavy imports stand inside the commands, so that help comes at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from helpers.datasets.dataset import Dataset

app = typer.Typer(
    name="excx",
    help="Does employee experience drive customer experience, here? Data in, reports out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Demo(StrEnum):
    """The synthetic datasets."""

    demo = "demo"
    demo_null = "demo-null"
    demo_sector = "demo-sector"


class Language(StrEnum):
    """The languages of reports."""

    nl = "nl"
    en = "en"


class Audience(StrEnum):
    """Readers of what is not for every leader."""

    manager = "manager"
    hr = "hr"


Texts = list[str] | None
Folder = Path | None
DatasetName = Annotated[str, typer.Argument(metavar="DATASET", help="A name under data/, or a folder.")]


@app.command()
def demo(
    scale: Annotated[float, typer.Option(help="Times the number of teams.")] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same data.")] = 1,
    truth: Annotated[Folder, typer.Option(help="TOML with another truth, or parts of it.")] = None,
    only: Annotated[Demo | None, typer.Option(help="Make one of the three.")] = None,
    folder: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where the datasets go; data/ by default.")
    ] = None,
) -> None:
    """Make the synthetic companies demo and demo-null, and demo-sector, 60 organisations."""
    with _plain_errors():
        from helpers.datasets.demo import load_sector, load_truth, make_demo, make_sector
        from helpers.datasets.folders import project_root

        for name in [only] if only else list(Demo):
            target = (folder or project_root() / "data") / name.value
            if name is Demo.demo_sector:
                make_sector(target, load_sector(truth), seed=seed, scale=scale)
            else:
                make_demo(target, load_truth(name.value, truth), seed=seed, scale=scale)
            typer.echo(f"Made {target}.")


@app.command()
def fetch(
    name: Annotated[str, typer.Argument(help="A public source: chicago, nhs, civil-service or pierce.")],
    mirror: Annotated[Folder, typer.Option(metavar="FOLDER", help="Folder with the publisher's files.")] = None,
    folder: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where the dataset goes; data/NAME by default.")
    ] = None,
) -> None:
    """Build a dataset from public data."""
    with _plain_errors():
        from helpers.datasets.folders import project_root
        from helpers.datasets.public import fetch as fetch_public

        typer.echo(f"Made {fetch_public(name, folder or project_root() / 'data' / name, mirror)}.")


@app.command()
def check(dataset: DatasetName) -> None:
    """Check a dataset; print all that is wrong with it."""
    with _plain_errors():
        from helpers.datasets.checking import check_dataset, render_problems

        problems = check_dataset(_folder(dataset))
        typer.echo(render_problems(problems))
    raise typer.Exit(int(any(problem.severity == "error" for problem in problems)))


@app.command()
def score(dataset: DatasetName) -> None:
    """Score a dataset; reports then read the scores from its cache."""
    with _plain_errors():
        scores = _open(dataset).scores
        units, periods, measures = (scores[column].nunique() for column in ("unit_id", "period", "measure"))
        typer.echo(f"{len(scores):,} scores: {units:,} units, {periods:,} periods, {measures:,} measures.")


@app.command()
def release(
    dataset: DatasetName,
    reports: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where reports go; reports/ by default.")
    ] = None,
) -> None:
    """Write all scores that may be shown, and an audit that proves it."""
    with _plain_errors():
        from helpers.publish.releasing import write_release

        typer.echo(f"Made {write_release(_open(dataset), reports)}.")


@app.command()
def audit(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Finished reports, e.g. reports/demo.")],
) -> None:
    """Check finished reports from their files alone, as somebody would who wants to know more than they tell."""
    with _plain_errors():
        from helpers.publish.auditing import audit_folder, render_findings

        found = audit_folder(folder)
        typer.echo(render_findings(found))
    raise typer.Exit(int(bool(found.findings)))


@app.command()
def report(
    dataset: DatasetName,
    notebook: Annotated[
        list[str] | None, typer.Option("--notebook", "-n", metavar="NAME", help="Name, or its start (02). Repeatable.")
    ] = None,
    unit: Annotated[Texts, typer.Option("--unit", "-u", metavar="ID", help="Unit id. Repeatable.")] = None,
    level: Annotated[str, typer.Option(metavar="LEVEL", help="Add the unit report for every unit of this level.")] = "",
    language: Annotated[Language | None, typer.Option(help="The dataset's own by default.")] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="How many at a time; all cores by default.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Skip reports whose code, and data of their unit, are unchanged.")
    ] = False,
    only_failed: Annotated[bool, typer.Option("--only-failed", help="Run again what failed last time.")] = False,
    parameter: Annotated[Texts, typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="Repeatable.")] = None,
    audience: Annotated[
        Audience | None, typer.Option(help="With what a single team says of its manager: for that manager or HR only.")
    ] = None,
    code: Annotated[bool, typer.Option("--code", help="Show the code, folded.")] = False,
    deadline: Annotated[float, typer.Option(min=1, metavar="SECONDS", help="Seconds a notebook may take.")] = 600.0,
    reports: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where reports go; reports/ by default.")
    ] = None,
    cluster: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Run on a Dask cluster: tcp://HOST:PORT of its scheduler.")
    ] = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing when all is well.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write events to standard output, one JSON object a line.")
    ] = False,
) -> None:
    """Run notebooks for the whole organisation, or for units, and render them as pages.

    Without options: every notebook for the whole organisation. With --unit: the unit report of that unit, or the
    notebooks named.

    Exit codes: 0, all made; 1, some failed or the batch broke off; 2, refused before anything ran, for wrong use or
    wrong data; 130, stopped by Ctrl-C or a scheduler. What is finished is kept in any case.
    """
    if resume and only_failed:
        raise typer.BadParameter("--resume and --only-failed exclude each other.")
    if quiet and as_json:
        raise typer.BadParameter("--quiet and --json exclude each other.")
    with _plain_errors():
        from helpers.publish.answering import answer, teller_for
        from helpers.publish.request import Request

        request = Request(
            notebooks=tuple(notebook or ()),
            units=tuple(unit or ()),
            level=level,
            language=language.value if language else _language_wished(),
            parameters=tuple(parameter or ()),
            code=code,
            audience=audience.value if audience else "",
            deadline=deadline,
            resume=resume,
            only_failed=only_failed,
        )
        with teller_for(quiet=quiet, as_json=as_json) as teller:
            exit_code = answer(dataset, request, teller, reports=reports, jobs=jobs, cluster=cluster)
    raise typer.Exit(exit_code)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Say what is wrong in one line; a traceback is for errors nobody foresaw."""
    from helpers.publish.exits import exit_code, is_foreseen

    try:
        yield
    except KeyboardInterrupt as error:
        typer.echo("Stopped. What was finished is kept; go on with --resume.", err=True)
        raise typer.Exit(exit_code(error)) from None
    except Exception as error:
        if not is_foreseen(error):
            raise
        typer.echo(f"Error: {' '.join(str(error).split())}", err=True)
        raise typer.Exit(exit_code(error)) from None


def _open(dataset: str) -> Dataset:
    from helpers.datasets.dataset import open_dataset

    return open_dataset(dataset)


def _folder(dataset: str) -> Path:
    """Find the folder of a dataset that may be too broken to open."""
    from helpers.datasets.folders import project_root

    folders = (project_root() / "data" / dataset, Path(dataset))
    return next((folder for folder in folders if folder.is_dir()), None) or _open(dataset).folder


def _language_wished() -> str:
    # LANGUAGE also holds lists of locales, en_GB:en; those are no wish for a report.
    wished = os.environ.get("LANGUAGE", "")
    return wished if wished in {one.value for one in Language} else ""


if __name__ == "__main__":
    app()
