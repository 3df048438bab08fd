"""Which cells of an executed notebook a reader gets to see."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Sequence

import nbformat

# Cells about the craft, such as loading data: for whoever has the notebook open.
RESEARCHER = "researcher"
# Prose that belongs to the next cell, and means nothing when that one shows nothing.
WITH_NEXT = "with-next"
# A sentence that says no more than that the reason stands further up, see `helpers.display.wording.paragraph.Pointer`.
_POINTER = re.compile(r'<p class="pointer">.*?</p>', re.DOTALL)
_HEADINGS = re.compile(r"^#{2,6} .*$", re.MULTILINE)
_SECTION = re.compile(r"^## ", re.MULTILINE)

Cell = nbformat.NotebookNode
# Prose, and the code cells that follow it up to the next prose.
Step = list[Cell]


def for_readers(nb: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Leave out cells for researchers, prose that introduces what is not there, and reasons that are told before.

    Parameters
    ----------
    nb : NotebookNode
        Executed. Cells tagged `RESEARCHER` go; cells tagged `WITH_NEXT` go when the code cell after them has no output
        to show. Of what only points to a reason further up, each section (``##``) keeps the first that stands below a
        heading of its own, without the prose that would introduce more. A heading stays where something follows below
        it.

    Returns
    -------
    NotebookNode
        The same notebook with fewer cells.
    """
    following = [*nb.cells[1:], None]
    read = [cell for cell, after in zip(nb.cells, following, strict=True) if _is_read(cell, after)]
    nb.cells = list(_pointed_once(_steps(read)))
    return nb


def _is_read(cell: Cell, after: Cell | None) -> bool:
    tags = cell.metadata.get("tags", [])
    if RESEARCHER in tags:
        return False
    return WITH_NEXT not in tags or (after is not None and _shows(after))


def _steps(cells: Iterable[Cell]) -> list[Step]:
    steps: list[Step] = []
    for cell in cells:
        if cell.cell_type == "markdown" or not steps:
            steps.append([])
        steps[-1].append(cell)
    return steps


def _pointed_once(steps: Sequence[Step]) -> Iterator[Cell]:
    pointed = False
    for place, step in enumerate(steps):
        pointed = pointed and not _SECTION.search(_prose(step))
        if not _points(step):
            yield from step
            continue
        is_first = _has_heading(step) and not pointed
        if is_first or (_has_heading(step) and _more_follows(steps[place + 1 :])):
            yield _heading_alone(step[0])
        if is_first:
            yield from step[1:]
            pointed = True


def _more_follows(steps: Iterable[Step]) -> bool:
    """Whether anything but pointers is shown before the next heading."""
    for step in steps:
        if _has_heading(step):
            return False
        if not _points(step) and any(_shows(cell) for cell in step):
            return True
    return False


def _points(step: Step) -> bool:
    """Whether pointers are all that is shown."""
    shown = [text for cell in step for text in _texts(cell)]
    return bool(shown) and not any(_POINTER.sub("", text).strip() for text in shown)


def _prose(step: Step) -> str:
    return step[0].source if step[0].cell_type == "markdown" else ""


def _has_heading(step: Step) -> bool:
    return _HEADINGS.search(_prose(step)) is not None


def _heading_alone(cell: Cell) -> Cell:
    alone = copy.copy(cell)
    alone.source = "\n\n".join(_HEADINGS.findall(cell.source))
    return alone


def _shows(cell: Cell) -> bool:
    return bool(_texts(cell))


def _texts(cell: Cell) -> list[str]:
    """Give what a cell shows; a sentence with nothing to say is an empty text, and a chart with nothing is None."""
    outputs = (output["data"] for output in cell.get("outputs", []) if "data" in output)
    texts = ("".join(data.get("text/html", data.get("text/plain", "shown"))) for data in outputs)
    return [text for text in texts if text.strip() not in ("", "None")]
