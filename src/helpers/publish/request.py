"""What is asked for. Nothing heavy is imported here: the command line looks at it before it loads anything."""

from __future__ import annotations

from dataclasses import dataclass

# A unit report takes seconds and the heaviest notebook a minute; ten of them is a notebook that hangs.
DEFAULT_DEADLINE = 600.0


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Parameters
    ----------
    notebooks : tuple of str
        Names, their beginnings (``"02"``) or paths; empty for all.
    units : tuple of str
        Unit ids; empty for the whole organisation.
    level : str
        Adds the unit report for every unit of this level.
    language : str
        ``"en"``, ``"nl"`` or empty for the dataset's own.
    parameters : tuple of str
        Each ``name=value``; every notebook asked for must know them.
    code, deadline
        See `helpers.publish.task.Planner.task`.
    audience : str
        ``"manager"`` or ``"hr"`` for unit reports that also hold what a single team says of its one manager; empty for
        those that every leader may read.
    resume : bool
        Skip reports that are there, made from the same inputs.
    only_failed : bool
        Run again what failed last; the other choices then narrow it down.
    """

    notebooks: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    level: str = ""
    language: str = ""
    parameters: tuple[str, ...] = ()
    code: bool = False
    deadline: float = DEFAULT_DEADLINE
    audience: str = ""
    resume: bool = False
    only_failed: bool = False
