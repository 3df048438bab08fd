import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.datasets.demo.recommending import answers, class_shares, score
from helpers.datasets.demo.streams import SUBJECTS, ar1, stream

TARGETS = st.floats(-100, 100)
EVENLY = (np.arange(100_000) + 0.5) / 100_000


@given(TARGETS)
def test_promoters_minus_detractors_is_the_target(target):
    detractors, promoters = class_shares(target)
    assert 100 * (promoters - detractors) == pytest.approx(target, abs=1e-9)
    assert min(detractors, promoters, 1 - detractors - promoters) >= -1e-12


@given(TARGETS)
def test_a_whole_group_scores_what_it_aims_at(target):
    assert score(answers(EVENLY, np.float64(target))).mean() == pytest.approx(target, abs=0.01)


@given(TARGETS, st.lists(st.floats(0, 1, exclude_max=True), min_size=2, max_size=20))
def test_who_stands_higher_never_answers_lower(target, positions):
    result = answers(np.sort(positions), np.float64(target))
    assert (np.diff(result) >= 0).all()
    assert result.min() >= 0
    assert result.max() <= 10


def test_all_eleven_answers_are_given():
    assert np.unique(answers(EVENLY, np.float64(10.0))).tolist() == list(range(11))


def test_promoters_passives_and_detractors_count_100_0_and_minus_100():
    assert score(np.array([0, 6, 7, 8, 9, 10])).tolist() == [-100, -100, 0, 0, 100, 100]


def test_streams_of_different_subjects_countries_and_blocks_differ():
    keys = [(subject, country, block) for subject in SUBJECTS for country in (0, 1) for block in (0, 1)]
    assert len({stream(1, *key).random() for key in keys}) == len(keys)
    assert stream(1, "items", 3, 2).random() == stream(1, "items", 3, 2).random()


def test_autoregressions_have_the_correlation_and_the_spread_asked_for():
    paths = ar1(np.random.default_rng(1), 8, (50_000,), ar=0.4, sd=3.0)
    assert paths.std(axis=1) == pytest.approx(np.full(8, 3.0), rel=0.02)
    assert np.corrcoef(paths[4], paths[5])[0, 1] == pytest.approx(0.4, abs=0.02)
