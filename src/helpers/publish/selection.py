"""Which cells of an executed notebook a reader gets to see."""

from __future__ import annotations

import nbformat

# Cells about the craft, such as loading data: for whoever has the notebook open.
RESEARCHER = "researcher"
# Prose that belongs to the next cell, and means nothing when that one shows nothing.
WITH_NEXT = "with-next"


def for_readers(nb: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Leave out cells for researchers, and prose that introduces what is not there.

    Parameters
    ----------
    nb : NotebookNode
        Executed. Cells tagged `RESEARCHER` go; cells tagged `WITH_NEXT` go when the code cell after them has no output
        to show.

    Returns
    -------
    NotebookNode
        The same notebook with fewer cells.
    """
    following = [*nb.cells[1:], None]
    nb.cells = [cell for cell, after in zip(nb.cells, following, strict=True) if _is_read(cell, after)]
    return nb


def _is_read(cell: nbformat.NotebookNode, after: nbformat.NotebookNode | None) -> bool:
    tags = cell.metadata.get("tags", [])
    if RESEARCHER in tags:
        return False
    return WITH_NEXT not in tags or (after is not None and _shows(after))


def _shows(cell: nbformat.NotebookNode) -> bool:
    outputs = (output for output in cell.get("outputs", []) if "data" in output)
    # A sentence that has nothing to say is an empty text, and a chart that has nothing to show is None.
    shown = (output["data"].get("text/html", output["data"].get("text/plain", "shown")) for output in outputs)
    return any("".join(text).strip() not in ("", "None") for text in shown)
