"""Places for labels beside points, so that no label covers another, a point, or what else must stay free.

All in points, from the lower left corner of a plot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

Point = tuple[float, float]
# Ways from a point to its label, the best first, and how far.
WAYS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
DISTANCES = (7.0, 14.0, 22.0, 32.0, 44.0)
# Rounds in which each label may move again once the others have theirs.
ROUNDS = 6
# Costs of a place: each step down the list of options, a square point of a line under it, and anything that must
# stay free, whatever its size.
STEP, CROSSED, COVERED = 4.0, 2.0, 10_000.0


@dataclass(frozen=True)
class Box:
    """A rectangle by its lower left and upper right corner."""

    left: float
    low: float
    right: float
    high: float

    def overlap(self, other: Box) -> float:
        """Area that two boxes share."""
        across = min(self.right, other.right) - max(self.left, other.left)
        upwards = min(self.high, other.high) - max(self.low, other.low)
        return max(across, 0.0) * max(upwards, 0.0)

    def within(self, other: Box) -> bool:
        """Whether it lies inside another."""
        return (
            self.left >= other.left and self.low >= other.low and self.right <= other.right and self.high <= other.high
        )


def around(point: Point, reach: float) -> Box:
    """Box around a point, as far as `reach` to each side."""
    return Box(point[0] - reach, point[1] - reach, point[0] + reach, point[1] + reach)


def label_places(
    points: Sequence[Point],
    sizes: Sequence[Point],
    frame: Box,
    *,
    blocked: Sequence[Box] = (),
    crossed: Sequence[Box] = (),
    farthest: float = DISTANCES[-1],
) -> list[Box | None]:
    """Find a place for the label of each point: near it, inside the frame, and free.

    Parameters
    ----------
    points : sequence of (x, y)
    sizes : sequence of (width, height)
        Of the labels.
    frame : Box
        Labels stay inside.
    blocked : sequence of Box
        What no label may cover, such as the points themselves.
    crossed : sequence of Box
        What a label rather does not cover, such as lines.
    farthest : float
        Most room between a point and its label.

    Returns
    -------
    list of Box or None
        None where every place would cover another label or something blocked.
    """
    options = [
        [box for box in _options(point, size, farthest) if box.within(frame)]
        for point, size in zip(points, sizes, strict=True)
    ]
    alone = [[_cost(box, number, blocked, crossed) for number, box in enumerate(boxes)] for boxes in options]
    places: list[Box | None] = [None] * len(points)
    # Those with the fewest free places choose first.
    order = sorted(range(len(points)), key=lambda label: sum(cost < COVERED for cost in alone[label]))
    for _ in range(ROUNDS):
        before = list(places)
        for label in order:
            others = [box for other, box in enumerate(places) if box and other != label]
            places[label] = _best(options[label], alone[label], others)
        if places == before:
            break
    return [_free(places, label, blocked) for label in range(len(points))]


def _options(point: Point, size: Point, farthest: float) -> list[Box]:
    (x, y), (width, height) = point, size
    boxes = []
    distances = [distance for distance in DISTANCES if distance <= farthest]
    for distance, (across, upwards) in product(distances, WAYS):
        # Aslant, the corner of the label is as far away as its edge is otherwise.
        reach = distance * (0.8 if across and upwards else 1.0)
        left = x + across * reach - width * (1 - across) / 2
        low = y + upwards * reach - height * (1 - upwards) / 2
        boxes.append(Box(left, low, left + width, low + height))
    return boxes


def _cost(box: Box, number: int, blocked: Sequence[Box], crossed: Sequence[Box]) -> float:
    return STEP * number + CROSSED * sum(box.overlap(line) for line in crossed) + _covered(box, blocked)


def _covered(box: Box, others: Sequence[Box]) -> float:
    areas = [area for area in (box.overlap(other) for other in others) if area > 0]
    return COVERED * len(areas) + sum(areas)


def _best(boxes: list[Box], costs: list[float], others: list[Box]) -> Box | None:
    priced = [
        (cost + _covered(box, others), number) for number, (box, cost) in enumerate(zip(boxes, costs, strict=True))
    ]
    return boxes[min(priced)[1]] if priced else None


def _free(places: list[Box | None], label: int, blocked: Sequence[Box]) -> Box | None:
    box = places[label]
    if box is None:
        return None
    others = [other for number, other in enumerate(places) if other and number != label]
    return None if any(box.overlap(other) > 0 for other in [*others, *blocked]) else box
