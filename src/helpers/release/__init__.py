"""What may leave: only a `ReleasedTable`, made here, may be drawn, tabulated or put into words."""

from helpers.release.mask import Mask, ReleaseError, make_mask
from helpers.release.table import ReleasedTable, release, released_rows, require_released, unit_tree

__all__ = [
    "Mask",
    "ReleaseError",
    "ReleasedTable",
    "make_mask",
    "release",
    "released_rows",
    "require_released",
    "unit_tree",
]
