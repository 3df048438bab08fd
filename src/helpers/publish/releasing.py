"""Write a release: the table of all scores that may be shown, and the audit that goes with it."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

from helpers.datasets.dataset import Dataset
from helpers.datasets.folders import project_root
from helpers.datasets.heads import check_heads
from helpers.datasets.releasing import audit_release, released_frame
from helpers.publish.paths import check_inside, dataset_folder, write_whole
from helpers.release.cells import write_csv

RELEASE, SCORES, AUDIT = "release", "scores.csv", "audit.json"


def write_release(dataset: Dataset, reports: Path | None = None) -> Path:
    """Write `scores.csv` and `audit.json` of a dataset.

    Parameters
    ----------
    dataset : Dataset
    reports : Path, optional
        The folder ``reports/``; that of the project when left out.

    Returns
    -------
    Path
        The audit, ``reports/<dataset>/release/audit.json``. It is written last, so where it stands the rest is whole.

    Raises
    ------
    ValueError
        When a table cannot be read, a rule does not hold or the ledger was altered: then nothing is written.
    """
    check_heads(dataset)
    root = Path(reports or project_root() / "reports").resolve()
    folder = dataset_folder(root, dataset.name) / RELEASE
    published = dataset.settings.disclosure == "published"
    proof = {"published_by_source": dataset.settings.source} if published else audit_release(dataset)
    frame = released_frame(dataset)
    check_inside(folder / SCORES, root)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / AUDIT).unlink(missing_ok=True)
    write_csv(frame, folder / SCORES)
    with open(folder / SCORES, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    table = {"file": SCORES, "sha256": digest, "rows": len(frame), "shown": int((frame["shown"] == "yes").sum())}
    audit = {"dataset": dataset.settings.title, "made_with": f"excx {version('excx')}", "scores": table, **proof}
    write_whole(folder / AUDIT, json.dumps(audit, indent=2, ensure_ascii=False) + "\n", root)
    return folder / AUDIT
