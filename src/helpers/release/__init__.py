"""What may leave: only a `ReleasedTable`, made here, may be drawn, tabulated or put into words."""

from helpers.release.table import ReleasedTable, release, require_released

__all__ = ["ReleasedTable", "release", "require_released"]
