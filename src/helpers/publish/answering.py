"""What `excx report` does with a request: answers it at once when nothing changed, else loads what makes reports.

Heavy imports stand inside the functions, in the order in which they are needed.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from helpers.publish.paths import INDEX
from helpers.publish.request import Request
from helpers.publish.stamps import unchanged_reports
from helpers.publish.telling import Teller


def answer(
    dataset: str,
    request: Request,
    teller: Teller,
    *,
    reports: Path | None = None,
    jobs: int | None = None,
    cluster: str = "",
) -> int:
    """Make the reports asked for, or find that they are there.

    Parameters
    ----------
    dataset : str
        A name under ``data/``, or a folder.
    request : Request
    teller : Teller
    reports, jobs, cluster
        See `helpers.publish.reporting.make_reports`, which also says what is raised.

    Returns
    -------
    int
        The exit code.
    """
    if request.resume and (found := unchanged_reports(dataset, request, reports)):
        folder, unchanged = found
        teller.begin(0, unchanged)
        teller.index = folder / INDEX
        teller.end(folder, "")
        return teller.exit_code
    if not cluster:
        from helpers.publish.forkserver import warm_up

        warm_up()
    # A scheduler's stop is a Ctrl-C: what is finished is kept, and nothing runs on.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    from helpers.datasets.dataset import open_dataset
    from helpers.publish.reporting import make_reports

    return make_reports(open_dataset(dataset), request, teller=teller, reports=reports, jobs=jobs, cluster=cluster)


def teller_for(*, quiet: bool, as_json: bool) -> Teller:
    """Choose who is told: another program, nobody unless something fails, or a person."""
    if as_json:
        from helpers.publish.events import Events

        return Events(sys.stdout)
    from rich.console import Console

    from helpers.publish.progress import Progress, Quiet

    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    return Quiet(console) if quiet else Progress(console)
