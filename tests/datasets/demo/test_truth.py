import pickle
import tomllib
from dataclasses import FrozenInstanceError

import pytest

from helpers.datasets.demo import load_truth
from helpers.datasets.demo.truth import DATASETS, Section, as_values
from helpers.datasets.demo.writing import to_toml


def leaves(values):
    """All numbers of nested sections."""
    for value in values.values():
        if isinstance(value, Section):
            yield from leaves(value)
        else:
            yield from value if isinstance(value, tuple) else (value,)


@pytest.fixture
def with_file(tmp_path):
    def load(text, name="demo"):
        file = tmp_path / "mine.toml"
        file.write_text(text, "utf-8")
        return load_truth(name, file)

    return load


def test_the_demo_has_the_two_year_lag_and_the_null_has_no_effect():
    assert load_truth().effects.lag == (0.0, 0.1, 0.4, 0.0)
    assert set(leaves(load_truth("demo-null").effects)) == {0.0}


def test_the_null_differs_in_title_and_effects_only():
    demo, null = as_values(load_truth()), as_values(load_truth("demo-null"))
    assert {key for key in demo if demo[key] != null[key]} == {"title", "effects"}


def test_employees_are_the_first_reason_of_promoters_and_of_detractors(truth):
    promoters, _, detractors = zip(*truth.customers.reasons.values(), strict=True)
    assert next(iter(truth.customers.reasons)) == "employees"
    assert promoters[0] > max(promoters[1:])
    assert detractors[0] > max(detractors[1:])


def test_a_file_replaces_what_it_names_and_keeps_the_rest(with_file):
    truth = with_file("[effects]\nlag = [0, 0, 0, 0.3, 0, 0]\n[effects.moments]\nuse = 3\n")
    assert truth.effects.lag == (0, 0, 0, 0.3, 0, 0)
    assert truth.effects.moments.use == 3
    assert truth.effects.moments.service == load_truth().effects.moments.service
    assert truth.burn_in == 5


def test_a_file_gives_the_null_one_effect(with_file):
    effects = with_file("[effects.outcomes]\nprofit = 0.2\n", "demo-null").effects
    assert sorted(set(leaves(effects))) == [0.0, 0.2]


@pytest.mark.parametrize("name", DATASETS)
def test_a_written_truth_reads_back_the_same(name, with_file):
    truth = load_truth(name)
    text = to_toml(as_values(truth))
    assert with_file(text) == truth
    assert tomllib.loads(text)["company"]["waves"] == 14


def test_text_with_quotes_survives_toml():
    values = {"a": 'say "no" \\ never', "b": {"c": [True, 1, 2.5], "d": {"e": "new\nline"}}}
    assert tomllib.loads(to_toml(values)) == values


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[effects]\nlags = [0.1]", r"truth must use known keys; found 'effects\.lags'\. Near: lag"),
        ("[efects]\nlag = [0.1]", "found 'efects'. Near: effects"),
        ("[nps]\nlevel = 'high'", r"nps\.level must be a number; found 'high' in the truth"),
        ("[company]\nwaves = 9.5", r"company\.waves must be a whole number; found 9\.5"),
        ("effects = 1", "effects must be a table; found 1"),
        ("[effects]\nlag = ['a']", r"effects\.lag must be a number; found 'a'"),
        ("[customers.moments]\nuse = [0.2]", r"customers\.moments\.use must hold 2 values; found 1"),
        ("[enps]\nsd_team = -1.0", r"enps\.sd_team must be finite and at least 0; found -1\.0"),
        ("[nps]\nlevel = inf", r"nps\.level must be finite and at least -inf; found inf"),
        ("[company]\nwaves = 3", r"company\.waves must be finite and at least 4; found 3"),
    ],
)
def test_a_wrong_truth_file_is_refused(text, message, with_file):
    with pytest.raises(ValueError, match=message):
        with_file(text)


def test_an_unknown_dataset_is_refused():
    with pytest.raises(ValueError, match="name must be one of demo, demo-null; found 'dmo'"):
        load_truth("dmo")


def test_the_truth_cannot_be_changed(truth):
    with pytest.raises(AttributeError, match="truth must not change; found an attempt to set 'level'"):
        truth.nps.level = 0.0
    with pytest.raises(FrozenInstanceError, match="title"):
        truth.title = "other"
    with pytest.raises(AttributeError, match="truth has no 'levels' here; it has level"):
        _ = truth.nps.levels


def test_sections_show_what_they_hold_and_travel_to_other_processes(truth):
    assert repr(truth.exits) == "Section({'rate': 0.13})"
    assert pickle.loads(pickle.dumps(truth)) == truth
