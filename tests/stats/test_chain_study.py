"""Paths, the weakest link, what a mediator carries, what comes first, and the verdicts on them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from cases import data, expected
from made_chain import SOURCES, made_chain
from scipy.stats import norm

from helpers.stats.chain_draws import expanded_interval, expanded_level, path_effects, weakest_link
from helpers.stats.chain_links import chain_links
from helpers.stats.chain_mediation import OTHERS, SAME, mediation, mediation_verdict
from helpers.stats.chain_order import chain_order
from helpers.stats.chain_study import chain_study
from helpers.stats.chain_sums import WITHIN
from helpers.stats.chain_verdict import link_verdict, path_verdict
from helpers.stats.estimates import NotApplicable
from helpers.stats.verdicts import Verdict

CHAIN = [("x", "y"), ("y", "z")]
NONE = float("nan")
YES, OPEN = Verdict("yes", "zero_excluded"), Verdict("cannot_tell", "interval_includes_0")


def rng():
    return np.random.default_rng(1)


def row(low, high, *, df=20.0, same_people=False, se=0.1, scale=1.0):
    figures = {"estimate": (low + high) / 2, "se": se, "df": df, "same_people": same_people}
    return figures | {"ci_low": low, "ci_high": high, "ci_low_sd": scale * low, "ci_high_sd": scale * high}


NOTHING = row(NONE, NONE, se=NONE, df=NONE)


@pytest.mark.parametrize(
    ("measured", "corrected", "verdict", "because"),
    [
        (NOTHING, NOTHING, "cannot_tell", "too_few"),
        (row(0.2, 0.4), row(0.2, 0.4, df=3.9), "cannot_tell", "too_few"),
        (row(0.2, 0.4, same_people=True), NOTHING, "cannot_tell", "same_people"),
        (row(-0.01, 0.01, same_people=True), NOTHING, "cannot_tell", "same_people"),
        (row(0.2, 0.4), NOTHING, "yes", "zero_excluded"),
        (row(0.02, 0.04), NOTHING, "cannot_tell", "luck_unknown"),
        (row(0.2, 0.4, same_people=True), row(-0.1, 0.4, same_people=True), "cannot_tell", "interval_includes_0"),
        (row(0.2, 0.4), row(0.0, 0.4), "cannot_tell", "interval_includes_0"),
        (row(0.2, 0.4), row(-0.1, 0.1), "no", "below_smallest"),
        (row(0.2, 0.4), row(0.02, 0.1), "no", "below_smallest"),
        (row(0.2, 0.4), row(-0.1, 0.11), "cannot_tell", "interval_includes_0"),
        (row(0.2, 0.4), row(0.02, 0.11), "yes", "zero_excluded"),
        (row(0.2, 0.4), row(-0.4, -0.2), "cannot_tell", "wrong_sign"),
        (row(0.2, 0.4), row(0.02, 0.04, scale=NONE), "yes", "zero_excluded"),
        (row(0.2, 0.4), row(-0.02, 0.04, scale=NONE), "cannot_tell", "interval_includes_0"),
    ],
)
def test_the_first_rule_that_applies_judges_a_link(measured, corrected, verdict, because):
    found = link_verdict(measured, corrected, smallest_effect=0.1)
    assert (found.verdict, found.because) == (verdict, because)


def test_where_less_is_better_a_fall_is_claimed():
    assert link_verdict(row(-0.4, -0.2), row(-0.4, -0.2), smallest_effect=0.1, sign=-1).verdict == "yes"


@pytest.mark.parametrize(
    ("figures", "links", "verdict", "because"),
    [
        (row(NONE, NONE), [YES, YES], "cannot_tell", "too_few"),
        (row(-0.05, 0.05), [YES, OPEN], "no", "below_smallest"),
        (row(0.2, 0.4), [YES, OPEN], "cannot_tell", "a_link_open"),
        (row(-0.2, 0.4), [YES, YES], "cannot_tell", "interval_includes_0"),
        (row(-0.4, -0.2), [YES, YES], "cannot_tell", "wrong_sign"),
        (row(0.2, 0.4), [YES, YES], "yes", "zero_excluded"),
    ],
)
def test_the_first_rule_that_applies_judges_a_path(figures, links, verdict, because):
    found = path_verdict(figures, links, smallest_effect=0.1)
    assert (found.verdict, found.because) == (verdict, because)


def test_a_path_is_redrawn_as_by_boot():
    answers = expected("chain")["path"]
    links = chain_links(data("chain"), CHAIN, sources=SOURCES)
    found = path_effects(links, [("x", "y", "z")], view=WITHIN, rng=rng(), n_boot=8000).iloc[0]
    assert found["estimate"] == pytest.approx(answers["estimate"], rel=1e-8)
    # boot gives plain percentiles; ours are taken further out, for 12 groups.
    further = norm.ppf(0.5 + expanded_level(12, 0.95) / 2) / norm.ppf(0.975)
    assert further > 1.1
    assert found["ci_high"] - found["ci_low"] == pytest.approx(further * (answers["high"] - answers["low"]), rel=0.08)
    assert answers["se_boot"] == pytest.approx(answers["se_delta"], rel=0.1)


def test_expanded_percentiles_give_the_t_interval_of_a_mean():
    draws = np.random.default_rng(2).normal(0, np.sqrt(11 / 12), 400_000)
    low, high = expanded_interval(draws, 12, 0.95)
    assert (low, high) == pytest.approx((-2.201, 2.201), abs=0.03)


def test_a_path_holds_the_product_of_its_effects():
    links = chain_links(made_chain(2, n_groups=30), CHAIN, sources=SOURCES)
    found = path_effects(links, [("x", "y", "z"), ("x", "y", "q")], view=WITHIN, rng=rng(), n_boot=400)
    assert found["ci_low"][0] < 0.6 * 0.5 < found["ci_high"][0]
    assert found["ci_low"][0] > 0
    assert np.isnan(found["estimate"][1])


def test_the_weakest_link_is_named_where_the_others_are_clearly_stronger():
    links = chain_links(made_chain(first=1.5, second=0.15), CHAIN, sources=SOURCES)
    table = weakest_link(links, CHAIN, view=WITHIN, rng=rng(), n_boot=400)
    assert table.attrs["told"]
    assert (table["x"][0], table["y"][0]) == ("y", "z")


def test_a_strong_link_to_what_should_be_low_is_not_the_weakest():
    panel = made_chain(first=0.15, second=1.5)
    less_is_better = [name for name in panel if name.split("_")[0] == "z"]
    links = chain_links(panel.assign(**{name: -panel[name] for name in less_is_better}), CHAIN, sources=SOURCES)
    table = weakest_link(links, CHAIN, view=WITHIN, rng=rng(), n_boot=400, signs=[1, -1])
    assert table.attrs["told"]
    assert (table["x"][0], table["y"][0]) == ("x", "y")


def test_links_alike_leave_the_weakest_open_as_often_as_the_level_says():
    told = 0
    for seed in range(16):
        panel = made_chain(seed, first=1.0, second=0.7071, n_groups=15, n_units=5, n_periods=4)
        links = chain_links(panel, CHAIN, sources=SOURCES)
        told += weakest_link(links, CHAIN, view=WITHIN, rng=rng(), n_boot=200).attrs["told"]
    assert told <= 3


def test_links_are_not_compared_where_luck_is_unknown():
    links = chain_links(made_chain(n_groups=6).drop(columns="heard"), CHAIN, sources=SOURCES)
    with pytest.raises(NotApplicable, match="only where all their scores are known to differ by more than luck"):
        weakest_link(links, CHAIN, view=WITHIN, rng=rng())
    with pytest.raises(NotApplicable, match="Comparing links needs two of them; found 1"):
        weakest_link(links, CHAIN[:1], view=WITHIN, rng=rng())


def carried(panel):
    return mediation(panel, "x", "m", "w", view=WITHIN, sources=SOURCES, rng=rng(), n_boot=400)


def test_a_mediator_gives_its_part_back():
    found = carried(made_chain(n_groups=30, mood=0.1))
    for form in (SAME, OTHERS):
        parts = {term: found.row(form, term) for term in ("first", "indirect", "direct", "total")}
        assert parts["first"]["ci_low"] < 0.5 < parts["first"]["ci_high"]
        whole = parts["indirect"]["estimate"] + parts["direct"]["estimate"]
        assert whole == pytest.approx(parts["total"]["estimate"])
    other = found.row(OTHERS, "indirect")
    assert other["ci_low"] < 0.5 * 0.3 < other["ci_high"]
    assert mediation_verdict(found, smallest_effect=0.05).verdict == "yes"


def test_what_one_customer_adds_to_both_answers_does_not_carry():
    panel = made_chain(n_groups=30, mood=0.8)
    rng = np.random.default_rng(5)
    for half in "ab":
        own = rng.normal(0, 0.8, len(panel))
        panel[f"m_{half}"] = panel[f"m_{half}"] + own
        panel[f"w_{half}"] = panel[f"w_{half}"] - 0.3 * (panel["m"] - 0.5 * panel["x"]) + own
    for name in ("m", "w"):
        panel[name] = (panel[f"{name}_a"] + panel[f"{name}_b"]) / 2
    found = carried(panel)
    assert found.row(SAME, "second")["ci_low"] > 0.3
    assert found.row(OTHERS, "second")["ci_low"] < found.row(SAME, "second")["ci_low"]


def test_a_mediator_that_is_the_cause_again_cannot_be_told_apart():
    panel = made_chain(n_groups=30, mood=0.1)
    for half in "ab":
        panel[f"m_{half}"] = panel[f"m_{half}"] - panel["m"] + panel["x"]
    panel["m"] = (panel["m_a"] + panel["m_b"]) / 2
    found = carried(panel)
    assert np.isnan(found.row(OTHERS, "indirect")["estimate"])


@pytest.mark.parametrize(
    ("same", "other", "verdict", "because"),
    [
        ((NONE, NONE), (NONE, NONE), "cannot_tell", "too_few"),
        ((-0.05, 0.05), (0.2, 0.4), "no", "below_smallest"),
        ((-0.05, 0.2), (0.2, 0.4), "cannot_tell", "interval_includes_0"),
        ((-0.4, -0.2), (0.2, 0.4), "cannot_tell", "wrong_sign"),
        ((0.2, 0.4), (NONE, NONE), "cannot_tell", "not_separable"),
        ((0.2, 0.4), (-0.1, 0.4), "cannot_tell", "same_people"),
        ((0.2, 0.4), (0.1, 0.4), "yes", "zero_excluded"),
    ],
)
def test_the_first_rule_that_applies_judges_a_mediator(same, other, verdict, because):
    rows = [
        {"form": form, "term": "indirect", "estimate": 0.0, "ci_low": low, "ci_high": high}
        for form, (low, high) in ((SAME, same), (OTHERS, other))
    ]
    found = replace(carried(made_chain(n_groups=6)), table=pd.DataFrame(rows), sd_ratio=1.0)
    judged = mediation_verdict(found, smallest_effect=0.1)
    assert (judged.verdict, judged.because) == (verdict, because)


def test_what_moves_first_is_found_and_what_moves_at_once_is_not():
    panel = made_chain(mood=0.0)
    before = panel.groupby("entity")["x"].shift(1).fillna(0)
    after = panel.groupby("entity")["x"].shift(-1).fillna(0)
    panel = panel.assign(later=0.6 * before, earlier=0.6 * after)
    for name in ("later", "earlier"):
        panel[name] += np.random.default_rng(7).normal(0, 0.3, len(panel))
    table = chain_order(panel, [("x", "later"), ("x", "earlier"), ("x", "y")])
    assert table.groupby("y", sort=False)["order"].first().to_dict() == {
        "later": "first",
        "earlier": "last",
        "y": "same_wave",
    }


def test_an_order_is_told_in_the_direction_claimed():
    panel = made_chain(mood=0.0)
    before = panel.groupby("entity")["x"].shift(1).fillna(0)
    panel = panel.assign(less=-0.6 * before + np.random.default_rng(7).normal(0, 0.3, len(panel)))
    orders = [chain_order(panel, [("x", "less")], signs=[sign])["order"].iloc[0] for sign in (-1, 1)]
    assert orders == ["first", "against"]


def test_two_waves_tell_no_order():
    with pytest.raises(NotApplicable, match="three waves in a row"):
        chain_order(made_chain(n_periods=2), CHAIN)


def study(panel, **choices):
    links = {"chain": CHAIN, "loyalty": [("z", "w")], "sincere": [("x", "m", "w")], "sources": SOURCES}
    return chain_study(panel, **links, smallest_effect=0.1, n_boot=300, **choices)


def test_a_study_finds_a_chain_that_is_there():
    found = study(made_chain())
    assert found.view == WITHIN
    assert {verdict.verdict for verdict in found.verdicts.values()} == {"yes"}
    assert {verdict.verdict for verdict in found.path_verdicts.values()} == {"yes"}
    assert set(found.variants["variant"]) == {"corrected", "measured", "other_view", "beside"}


def test_a_study_without_halves_of_customers_judges_what_was_measured():
    halves = [f"{name}{half}" for name in "zwm" for half in ("_a", "_b")]
    found = study(made_chain(n_groups=12).drop(columns=halves))
    assert found.verdicts["y", "z", WITHIN].because == "zero_excluded"
    assert found.path_verdicts["x", "y", "z"].because == "too_few"
    assert set(found.variants["variant"]) == {"corrected", "measured", "other_view"}


def test_a_study_of_one_wave_compares_units():
    found = study(made_chain(n_periods=1))
    assert found.view == "between"
    assert found.verdicts["x", "y", "between"].verdict == "yes"
    with pytest.raises(NotApplicable, match="three waves in a row"):
        found.table("order")


def test_a_study_of_nothing_says_yes_no_more_than_the_level():
    yes = 0
    for seed in range(20):
        panel = made_chain(seed, first=0.0, second=0.0, n_groups=12, n_units=5, n_periods=4)
        links = chain_links(panel, CHAIN, sources=SOURCES)
        pairs = [(links.row(x, y, WITHIN, "measured"), links.row(x, y, WITHIN, "corrected")) for x, y in CHAIN]
        yes += sum(link_verdict(*pair, smallest_effect=0.1).verdict == "yes" for pair in pairs)
    assert yes <= 4
