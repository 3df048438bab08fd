"""What a batch holds by tenths of its reports, how fast that rises, and what it may rise by. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, linear_regression

from parts import PARTS, Sample

from bench import line

STEPS = 10


@dataclass(frozen=True)
class Target:
    """What a figure may rise by per 1,000 reports."""

    figure: str
    unit: str
    at_most: float


TARGETS = (
    Target("parent", "MB", 2),
    Target("workers", "MB", 2),
    Target("template", "MB", 1),
    Target("kernels", "MB", 10),
    Target("other", "MB", 1),
    Target("disk", "MB", 20),
    Target("processes", "", 0.5),
    Target("descriptors of parent", "", 0.5),
    Target("descriptors of workers", "", 0.5),
    Target("threads", "", 0.5),
)
_MOST = ("processes", "threads", "descriptors of parent", "descriptors of workers")
FIGURES = (*PARTS, "disk", "files", *_MOST)


@dataclass(frozen=True)
class Step:
    """Some reports after each other: the number made by its end, the pace, and what was held meanwhile."""

    reports: int
    a_minute: float
    held: dict[str, float]


def steps(samples: Iterable[Sample], reports: int) -> list[Step]:
    """Sum up what was seen while each tenth of the reports was being made."""
    during = [one for one in samples if 0 < one.reports < reports]
    size, found = reports / STEPS, []
    for number in range(STEPS):
        here = [one for one in during if number * size <= one.reports < (number + 1) * size]
        if len(here) < 2 or here[0].reports == here[-1].reports:
            raise ValueError(f"each step must be looked at twice; found {len(here)} times in step {number + 1}. "
                             "Use a shorter --pause.")  # fmt: skip
        pace = 60 * (here[-1].reports - here[0].reports) / (here[-1].seconds - here[0].seconds)
        typical = {name: fmean(one.held[name] for one in here) for name in FIGURES}
        typical |= {name: max(one.held[name] for one in here) for name in _MOST}
        found.append(Step(round((number + 1) * size), pace, typical))
    return found


def slope(found: Sequence[Step], figure: str) -> tuple[float, float]:
    """Least squares through all steps but the first.

    Returns
    -------
    slope, error : tuple of float
        Per 1,000 reports, and its standard error.
    """
    x = [one.reports / 1000 for one in found[1:]]
    y = [one.held[figure] for one in found[1:]]
    rise, level = linear_regression(x, y)
    off = sum((b - level - rise * a) ** 2 for a, b in zip(x, y, strict=True)) / (len(x) - 2)
    return rise, (off / sum((a - fmean(x)) ** 2 for a in x)) ** 0.5


def check(target: Target, found: Sequence[Step]) -> tuple[str, bool]:
    """One line of the table, and whether the target is met."""
    rise, error = slope(found, target.figure)
    met, unit = rise <= target.at_most, f" {target.unit}".rstrip()
    text = f"{rise:+.2f} ± {2 * error:.2f}{unit}".replace("-", "−")
    return line([target.figure, text, f"{target.at_most:g}{unit}", "yes" if met else "NO"]), met
