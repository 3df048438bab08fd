"""Labels stand beside their points, inside the plot, and cover neither each other nor what must stay free."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from helpers.display.plots.places import Box, around, label_places

FRAME = Box(0, 0, 400, 300)


def test_a_point_by_itself_has_its_label_at_the_right():
    (box,) = label_places([(100, 100)], [(60, 14)], FRAME)
    assert box is not None and box.left > 100 and (box.low + box.high) / 2 == pytest.approx(100)


def test_at_the_right_edge_a_label_turns_to_the_left():
    (box,) = label_places([(390, 100)], [(60, 14)], FRAME)
    assert box is not None and box.right < 390 and box.within(FRAME)


@pytest.mark.parametrize("seed", range(5))
def test_labels_cover_neither_each_other_nor_any_point(seed: int):
    points = [tuple(point) for point in np.random.default_rng(seed).uniform((20, 20), (380, 280), (12, 2))]
    dots = [around(point, 5) for point in points]
    boxes = label_places(points, [(50, 14)] * 12, FRAME, blocked=dots)
    assert all(boxes) and all(box.within(FRAME) for box in boxes)
    assert not any(one.overlap(other) for one, other in combinations(boxes, 2))
    assert not any(box.overlap(dot) for box in boxes for dot in dots)


def test_a_label_steps_aside_for_a_line():
    line = Box(0, 99, 400, 101)
    (box,) = label_places([(100, 100)], [(60, 14)], FRAME, crossed=[line])
    assert box is not None and box.overlap(line) == 0


def test_a_label_that_fits_nowhere_has_no_place():
    assert label_places([(100, 100)], [(500, 14)], FRAME) == [None]
    assert label_places([(100, 100)], [(60, 14)], FRAME, blocked=[FRAME]) == [None]


def test_two_labels_for_one_free_place_are_not_laid_over_each_other():
    narrow = Box(0, 0, 80, 20)
    places = label_places([(5, 10), (75, 10)], [(60, 18), (60, 18)], narrow)
    assert None in places


def test_a_label_stands_no_farther_than_asked():
    crowd = [around((100, 100), 30)]
    near, far = (label_places([(100, 100)], [(20, 14)], FRAME, blocked=crowd, farthest=room)[0] for room in (22, 44))
    assert near is None and far is not None


def test_the_same_points_give_the_same_places():
    points = [(50.0, 50.0), (60.0, 55.0), (55.0, 60.0)]
    assert label_places(points, [(40, 14)] * 3, FRAME) == label_places(points, [(40, 14)] * 3, FRAME)
