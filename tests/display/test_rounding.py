"""A page says so where figures beside each other, rounded one by one, do not add up."""

from __future__ import annotations

import pytest

from helpers.display.wording import Words
from helpers.display.wording.rounding import adds_up, rounding_sentence


@pytest.mark.parametrize(
    ("parts", "whole", "is_so"),
    [
        ((34.4, -21.6), 12.8, False),
        ((34.4, -22.4), 12.0, True),
        ((-2.4, 31.4), 29.0, True),
        ((-1.6, 31.4), 29.8, False),
        ((33.3, 33.3, 33.4), 100, False),
        ((float("nan"), 3.0), 3.0, True),
    ],
)
def test_rounded_parts_add_up_or_do_not(parts, whole, is_so):
    assert adds_up(parts, whole) == is_so


def test_what_adds_up_needs_no_word():
    assert rounding_sentence(Words("en"), add_up=True) == ""
    assert rounding_sentence(Words("nl"), add_up=False).startswith("Cijfers zijn pas na het rekenen afgerond")
