"""Situations of the unit report, the quartile gap and the lag, and the smallest phrases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd
from made_up import GATE, PUBLISHED, effect, gap, not_estimated, released, score

from helpers.display.wording import (
    Words,
    alts,
    cautions,
    grades,
    lag_checks,
    lags,
    necessity,
    quartile_answers,
    quartile_method,
    quartile_organisations,
    quartiles,
    units,
    verdicts,
)
from helpers.display.wording.amounts import amount_text
from helpers.display.wording.compared import compared
from helpers.display.wording.durations import duration
from helpers.display.wording.lags import Claim
from helpers.display.wording.scores import STATE_WORDS, change_text, value_text
from helpers.display.wording.standing import standing
from helpers.release import ReleasedTable

NORTH, NONE = {"unit_id": "north"}, float("nan")
CLAIM = Claim("enps", "nps", 2)
CLIMATE = Claim("teacher_climate", "student_climate", 2)
MORTALITY = Claim("staff_engagement", "mortality_index", 2)
LEAVING = Claim("engagement", "wish_to_leave", 2)
LONG = Claim("parent_teacher_partnership", "student_response_rate", 2)


def e(estimate: float = 12, **more: float) -> dict[str, object]:
    """A score of employees."""
    return score(measure="enps", estimate=estimate, **more)


def c(estimate: float = 30, **more: float) -> dict[str, object]:
    """A score of customers."""
    return score(measure="nps", estimate=estimate, **more)


def before(*rows: dict[str, object], period: str = "2023") -> list[dict[str, object]]:
    """The rows, each with one of an earlier period before it."""
    return [{**row, "period": period, "change": NONE} for row in rows] + list(rows)


def head(*rows: dict[str, object], **rules: object) -> Callable[[Words], str]:
    return lambda words: units.headline(released(*rows, **rules), words, **NORTH)


def place(here: dict[str, object], whole: float, **more: object) -> Callable[[Words], str]:
    table = released(here, score("all", estimate=whole, half=2, n=4000))
    return lambda words: units.position(table, words, **NORTH, reference_id="all", measure="enps", **more)


def above(*rows: dict[str, object]) -> Callable[[Words], str]:
    table = released(e(**HIDDEN), *rows)
    chosen = {"unit_id": "north", "above": ["all", "south"], "measures": ["enps"], "period": "2024"}
    return lambda words: units.counted_above(table, words, **chosen)


def stands(share: float, n_units: int = 24, measure: str = "enps") -> Callable[[Words], str]:
    return lambda words: standing({"measure": measure, "p_above_median": share, "n_units": n_units}, words)


def disclosed(n_units: int, n_hidden: int) -> Callable[[Words], str]:
    return lambda words: cautions.disclosure(released(e()), words, n_units=n_units, n_hidden=n_hidden)


def takes_part(**counts: int) -> Callable[[Words], str]:
    known = {"min_group": 10, "n_units": 240, "together": 40}
    return lambda words: cautions.taking_part(words, **known | counts)


def set_beside(table: ReleasedTable) -> Callable[[Words], str]:
    return lambda words: compared(table, words, **NORTH, reference_id="all", measures=["enps", "nps"], period="2024")


def described(*rows: dict[str, object], **more: object) -> Callable[[Words], str]:
    return lambda words: alts.trend_alt(released(*rows), words, **NORTH, measures=["enps"], **more)


def inapplicable(reason: str, **values: object) -> Callable[[Words], str]:
    return lambda words: cautions.not_applicable(reason, values, words)


def because(reason: str) -> Callable[[Words], str]:
    return lambda words: verdicts.because_text(reason, words)


def amount(value: float, kind: str, **more: object) -> Callable[[Words], str]:
    return lambda words: amount_text(value, words, kind, **more)


def in_band(value: float, measure: str, **more: bool) -> Callable[[Words], str]:
    (row,) = released(score(measure=measure, estimate=value, n=12)).frame.to_dict("records")
    return lambda words: value_text(row, words, **more)


def state(name: str) -> Callable[[Words], str]:
    return lambda words: words.text(STATE_WORDS[name])


def quartile(row: dict[str, object], verdict: str, because: str = "", **more: object) -> Callable[[Words], str]:
    return lambda words: quartiles.quartile_answer(row, words, verdict=verdict, because=because, **more)


def lag(row: dict[str, object], verdict: str, because: str = "", claim: Claim = CLAIM) -> Callable[[Words], str]:
    return lambda words: lags.lag_answer(row, words, claim, verdict=verdict, because=because)


def necessary(verdict: str, because: str, claim: Claim = CLAIM, **figures: object) -> Callable[[Words], str]:
    cell = NECESSITY | figures
    return lambda words: necessity.necessity_answer(cell, words, claim, verdict=verdict, because=because)


NECESSITY = {"x_threshold": 12, "y_threshold": 34, "n_clear": 2, "state": "fewer"}
NECESSITY |= {"expected_independence": 14.2, "expected_own_past": 9.3}
UP, DOWN = {"change": 9, "change_half": 7}, {"change": -6, "change_half": 5}
FLAT, BARE = {"change": 2, "change_half": 7}, {"change": 4}
HIDDEN = {"n": 6}
# Beyond the edge of their bands: nearly all of 120 gave the same answer, and of 12.
HIGH, LOW, HIGH_OF_12 = {"estimate": 99.2, "n": 120}, {"estimate": -99.2, "n": 120}, {"estimate": 91, "n": 12}
CONCORDANCE = {"share_after_rise": 0.61, "share_after_fall": 0.49, "estimate": 0.12, "ci_low": 0.03, "ci_high": 0.21}
PROFILE = pd.DataFrame(
    [effect(-1, 0.02, -0.09, 0.13), effect(0, 0.1, -0.05, 0.25), effect(1, 0.12, 0.01, 0.23), effect()]
)
GAPS = pd.DataFrame([gap(), gap("turnover", -24, -31, -17), gap("defects", 1, -6, 8)])
TREND = released(
    score(period="2019", estimate=12),
    score(period="2024", estimate=4, half=7),
    score(period="2024", measure="nps", n=6),
)
BESIDE = released(
    score(), score("all", estimate=8, half=2, n=4000), score("south", estimate=-3), score("tiny", estimate=60, n=5)
)

# Why a score, a reliability or a weight cannot be given.
MEASUREMENT: dict[str, dict[str, object]] = {
    "Nobody answered the question.": {},
    "A difference needs two groups with answers; found {found}.": {"found": 1},
    "A sampling error needs two clusters in every stratum; {name} has one.": {"name": "Utrecht"},
    "The reliability of a scale needs {needed} items; found {found}.": {"needed": 3, "found": 2},
    "The reliability of a scale needs more than {needed} people who answered all items; found {found}.": {
        "needed": 3,
        "found": 2,
    },
    "Everybody gave the same answer to one of the items, so items cannot be compared.": {},
    "One factor does not fit these items: a single item carries it alone.": {},
    "Some items run against the others, so they form no single scale.": {},
    "Comparing units needs two of them; found {found}.": {"found": 1},
    "Every unit has one answer, so agreement within units cannot be told.": {},
    "Within units all answers are alike, so there is no error to compare with.": {},
    "Units do not differ beyond chance, so no number of answers makes their figures reliable.": {},
    "The slightly skewed null is known for items of 5 options; these have {n}.": {"n": 7},
    "More people answered than were invited in {group}.": {"group": "Utrecht"},
    "Nobody of {group} answered, so no weight can stand in for them.": {"group": "Utrecht"},
    "Too few people of {group} answered, and no group is like it.": {"group": "Utrecht, 30–39"},
    "Weights for these groups do not settle in {rounds} rounds.": {"rounds": 500},
    "Weighting needs two answers; found {found}.": {"found": 1},
    "An underlying level needs {needed} units of one kind with a known sampling error; found {found}.": {
        "needed": 5,
        "found": 3,
    },
    "No unit has answers in both periods, so no change can be shown.": {},
    "Within every unit all answers are alike, so the usual spread is not known.": {},
}


SITUATIONS: dict[str, Callable[[Words], str]] = {
    "headline: employees up, customers unclear": head(*before(e(**UP), c(**FLAT))),
    "headline: both up": head(*before(e(**UP), c(**UP))),
    "headline: employees down, customers up": head(*before(e(**DOWN), c(**UP))),
    "headline: employees up, customers down": head(*before(e(**UP), c(**DOWN))),
    "headline: both unclear": head(*before(e(**FLAT), c(**FLAT))),
    "headline: first wave": head(e(), c()),
    "headline: first wave, long names": lambda words: units.headline(
        released(score(measure=LONG.x, n=NONE), score(measure=LONG.y, n=NONE, estimate=3.5, half=0.2), **PUBLISHED),
        words,
        **NORTH,
        employee=LONG.x,
        customer=LONG.y,
    ),
    "headline: first wave of customers only": head(*before(e(**UP)), c()),
    "headline: a gap before": head(*before(e(), c(), period="2019")),
    "headline: the wave before was hidden": head(
        *before(e(), c(), period="2022"), *before(e(**HIDDEN), c(**HIDDEN))[:2]
    ),
    "headline: compared with a quarter": head(
        *before({**e(**UP), "period": "2024-Q3"}, {**c(**DOWN), "period": "2024-Q3"}, period="2024-Q2")
    ),
    "headline: compared with a month": head(
        *before({**e(**UP), "period": "2024-07"}, {**c(**FLAT), "period": "2024-07"}, period="2024-06")
    ),
    "headline: both unclear since a quarter": head(
        *before({**e(**FLAT), "period": "2024-Q3"}, {**c(**FLAT), "period": "2024-Q3"}, period="2024-Q2")
    ),
    "headline: a unit that ended": head(
        *before({**e(**UP), "period": "2017"}, {**c(**FLAT), "period": "2017"}, period="2016"), score("all"), **GATE
    ),
    "headline: a unit that ended, both unclear": head(
        *before({**e(**FLAT), "period": "2017"}, {**c(**FLAT), "period": "2017"}, period="2016"), score("all"), **GATE
    ),
    "headline: a unit that ended in a quarter": head(
        {**e(**HIDDEN), "period": "2024-Q2"}, {**c(**HIDDEN), "period": "2024-Q2"}, score("all", "2024-Q3"), **GATE
    ),
    "headline: employees hidden": head(*before(e(**HIDDEN), c(**DOWN))),
    "headline: customers hidden": head(*before(e(**UP), c(**HIDDEN))),
    "headline: both hidden": head(e(**HIDDEN), c(**HIDDEN)),
    "headline: no customers asked": head(*before(e(**DOWN))),
    "headline: employees in a band": head(*before(e(**HIGH), c(**UP))),
    "headline: both in a band": head(*before(e(**HIGH), c(**LOW))),
    "headline: first wave, employees in a band": head(e(**HIGH_OF_12), c()),
    "headline: the wave before was in a band": head(
        {**e(**HIGH), "period": "2023"}, {**c(), "period": "2023"}, e(), c(**UP)
    ),
    "headline: both waves before were in a band": head(
        {**e(**HIGH), "period": "2023"}, {**c(**LOW), "period": "2023"}, e(), c()
    ),
    "headline: a band some waves ago": head({**e(**HIGH), "period": "2019"}, {**c(**LOW), "period": "2019"}, e(), c()),
    "headline: large organisation with decimals": head(
        *before(e(n=9000, change=1.4, change_half=0.6), c(n=30000, change=-0.3, change_half=0.8))
    ),
    "headline: published without interval": head(
        *before({**e(**BARE), "n": NONE}, {**c(change=-2), "n": NONE}), **PUBLISHED
    ),
    "headline: the same, without interval": head(*before(e(change=0), c(change=-2))),
    "headline: published, other measures": lambda words: units.headline(
        released(
            *before(
                score(measure="teacher_climate", estimate=3.4, half=0.1, change=0.21, change_half=0.1, n=NONE),
                score(measure="student_climate", estimate=3.1, half=0.1, change=0.05, change_half=0.1, n=NONE),
            ),
            **PUBLISHED,
        ),
        words,
        **NORTH,
        employee="teacher_climate",
        customer="student_climate",
    ),
    "headline: a rate fell": lambda words: units.headline(
        released(*before(score(measure="response_rate", estimate=0.71, half=0.04, change=-0.06, change_half=0.04))),
        words,
        **NORTH,
        employee="response_rate",
    ),
    "standing: almost certainly above": stands(0.996),
    "standing: likely above": stands(0.72),
    "standing: even": stands(0.52),
    "standing: likely below": stands(0.2, 612, "teacher_climate"),
    "standing: almost certainly below": stands(0.0),
    "standing: too few units": stands(NONE, 4),
    "standing: no interval": stands(NONE),
    "position: above": place(e(24), 8),
    "position: below": place(e(-9), 8),
    "position: cannot tell": place(e(12), 8),
    "position: in a band": place(e(**HIGH), 8),
    "position: below a whole in a band": place(e(60), 99.9),
    "position: above a whole in a band": place(e(-60), -99.9),
    "position: cannot be told of a whole in a band": place(e(99.5, n=4000), 99.9),
    "position: both in a band": place(e(**HIGH), 99.9),
    "compared: against a whole in a band": set_beside(
        released(e(60), c(60), score("all", estimate=99.9, n=4000), score("all", measure="nps", n=4000))
    ),
    "compared: a whole in a band": set_beside(released(e(97), score("all", estimate=-99.9, n=4000))),
    "trend alt: up into a band": described({**e(12), "period": "2023"}, e(**HIGH)),
    "trend alt: down out of a band": described({**e(**HIGH), "period": "2023"}, e(12)),
    "trend alt: from band to band": described({**e(**LOW), "period": "2023"}, e(**HIGH)),
    "trend alt: twice in a band": described({**e(**HIGH), "period": "2023"}, e(**HIGH)),
    "trend alt: cannot be told": described({**e(**HIGH_OF_12), "period": "2023"}, e(85)),
    "intervals alt: bands": lambda words: alts.intervals_alt(
        released(score(**HIGH_OF_12), score("south", **LOW), score("tiny", n=4)), words, measure="enps", period="2024"
    ),
    "counted above: the unit above shows it": above(score("all")),
    "counted above: only the whole shows it": above(score("all"), score("south", **HIDDEN)),
    "position: hidden": place(e(12, n=7), 8),
    "position: whole not measured": lambda words: units.position(
        released(e()), words, **NORTH, reference_id="all", measure="enps"
    ),
    "position: no interval": place({**e(), "ci_low": NONE, "ci_high": NONE}, 8),
    "visible change: some answers": lambda words: units.visible_change(
        released(e(**UP)), words, **NORTH, measure="enps"
    ),
    "visible change: few answers": lambda words: units.visible_change(
        released(e(n=23, change=9, change_half=36.7)), words, **NORTH, measure="enps"
    ),
    "visible change: answers unknown": lambda words: units.visible_change(
        released(e(n=NONE, **UP), **PUBLISHED), words, **NORTH, measure="enps"
    ),
    "quartiles: yes": quartile(gap(), "yes", published=21),
    "quartiles: yes, lower is better": quartile(gap("turnover", -24, -31, -17), "yes", "zero_excluded", published=-24),
    "quartiles: yes, raw points": quartile(gap("nps", 8.2, 2.1, 14.3, scale="raw"), "yes"),
    "quartiles: yes, standard deviations": quartile(gap("productivity", 0.42, 0.2, 0.64, scale="sd"), "yes"),
    "quartiles: yes, a rate": quartile(gap("repurchase", 0.031, 0.012, 0.05, scale="raw"), "yes"),
    "quartiles: no, too small": quartile(gap("profit", 0.4, -2, 2.8), "no", "below_smallest", published=21),
    "quartiles: cannot tell, wrong sign": quartile(gap("profit", -11, -17, -5), "cannot_tell", "wrong_sign"),
    "quartiles: cannot tell": quartile(gap("profit", 5, -3, 13), "cannot_tell", "interval_includes_0"),
    "quartiles: too few": quartile(not_estimated(gap(reason="too_few_units")), "cannot_tell", "too_few"),
    "quartiles: no quarters to compare": quartile(not_estimated(gap(reason="no_spread")), "cannot_tell", "too_few"),
    "quartiles: no interval": quartile(
        {**gap("profit", 5), "ci_low": NONE, "ci_high": NONE}, "cannot_tell", "too_few_clusters"
    ),
    "quartiles: median over few organisations": lambda words: quartiles.over_organisations(
        {**gap("profit", 5), "ci_low": NONE, "ci_high": NONE, "n_clusters": 4}, words
    ),
    "quartiles: one organisation": lambda words: quartiles.over_organisations(
        {**gap("profit", 5), "ci_low": NONE, "ci_high": NONE, "n_clusters": 1}, words
    ),
    "quartiles: median over organisations": lambda words: quartiles.over_organisations(gap(), words),
    "quartiles: too few organisations": lambda words: quartiles.over_organisations(not_estimated(gap()), words),
    "quartiles: cannot tell, long names": quartile(
        gap(LONG.y, 0.4, -0.2, 0.6, scale="sd"), "cannot_tell", "interval_includes_0", engagement=LONG.x
    ),
    "quartiles: several outcomes": lambda words: quartile_answers.by_chance(0.95, words),
    "quartiles: median of one organisation": lambda words: quartile_organisations.median_answers(
        pd.DataFrame([{**gap(), "n_clusters": 1}]), words, outcomes=["profit"]
    )[0],
    "quartiles: tally, all": lambda words: quartiles.tally(["yes"] * 9, words),
    "quartiles: tally, none": lambda words: quartiles.tally(["no"] * 9, words),
    "quartiles: tally, cannot tell": lambda words: quartiles.tally(["cannot_tell"] * 9, words),
    "quartiles: tally, some": lambda words: quartiles.tally(["yes"] * 6 + ["cannot_tell"] * 3, words),
    "quartiles: tally, some and some not": lambda words: quartiles.tally(["yes"] * 6 + ["no"] * 3, words),
    "quartiles: tally, not or cannot tell": lambda words: quartiles.tally(["no"] * 6 + ["cannot_tell"] * 3, words),
    "quartiles: tally of three kinds": lambda words: quartiles.tally(["yes"] * 6 + ["no"] + ["cannot_tell"] * 2, words),
    "quartiles: cut on an earlier wave": lambda words: quartile_method.cut_sentence(
        words, engagement="engagement", cut_period="2023", outcome_period="2024"
    ),
    "quartiles: cut on the same wave": lambda words: quartile_method.cut_sentence(
        words, engagement="engagement", cut_period="2024", outcome_period="2024"
    ),
    "quartiles: ties": lambda words: quartile_method.tie_sentence(words, top_share=0.27, bottom_share=0.242),
    "quartiles: equal scores": lambda words: quartile_method.tie_sentence(words, top_share=1, bottom_share=1),
    "lag: the claim": lambda words: lag_checks.claim_sentence(words, CLAIM, source="Aegon"),
    "lag: the claim of a fall": lambda words: lag_checks.claim_sentence(words, MORTALITY, source="West"),
    "lag: yes, a fall": lag(effect(2, -0.2, -0.3, -0.1, ratio=1), "yes", claim=MORTALITY),
    "lag: cannot tell, a rise where a fall was claimed": lag(
        effect(2, 0.12, 0.05, 0.2, ratio=1), "cannot_tell", "wrong_sign", LEAVING
    ),
    "lag: what stands in, lower is better": lambda words: lag_checks.stand_in_sentence(words, LEAVING),
    "reverse: weaker, a fall claimed": lambda words: lag_checks.reverse_sentence(
        effect(2, -0.05, -0.15, 0.05, ratio=1), words, MORTALITY, difference={"ci_low": -0.6, "ci_high": -0.1}
    ),
    "lag: yes": lag(effect(), "yes"),
    "lag: yes, half-yearly": lag(effect(), "yes", claim=Claim("enps", "nps", 3, 2)),
    "lag: yes, in standard deviations": lag(effect(), "yes", claim=CLIMATE),
    "lag: no, too small": lag(effect(2, 0.01, -0.03, 0.05), "no", "below_smallest"),
    "lag: cannot tell, wrong sign": lag(effect(2, -0.2, -0.3, -0.1), "cannot_tell", "wrong_sign"),
    "lag: cannot tell": lag(effect(2, 0.12, -0.08, 0.32), "cannot_tell", "interval_includes_0"),
    "lag: cannot tell, lead moved": lag(effect(), "cannot_tell", "lead_not_flat"),
    "lag: cannot tell, lead unknown": lag(effect(), "cannot_tell", "lead_missing"),
    "lag: too few clusters": lag(effect(), "cannot_tell", "too_few"),
    "lag: claimed lag not identified": lag({}, "cannot_tell", "lag_not_identified"),
    "lag: what stands in": lambda words: lag_checks.stand_in_sentence(words, CLIMATE),
    "lag: cannot tell, in standard deviations": lag(
        effect(2, 0.04, -0.04, 0.12, ratio=1), "cannot_tell", "interval_includes_0", CLIMATE
    ),
    "lag: yes, long names": lag(effect(), "yes", claim=LONG),
    "lag: cannot tell, long names": lag(effect(2, 0.04, -0.04, 0.12), "cannot_tell", "interval_includes_0", LONG),
    "lag: same year, too small": lambda words: lags.effect_sentence(
        effect(0, 0.01, -0.03, 0.05), words, Claim("enps", "nps", 0), small=True
    ),
    "lag: same year, a fall": lambda words: lags.effect_sentence(
        effect(0, -0.2, -0.3, -0.1), words, Claim("enps", "nps", 0)
    ),
    "lag: same year": lambda words: lags.effect_sentence(effect(0), words, Claim("enps", "nps", 0)),
    "lag: same year, unclear": lambda words: lags.effect_sentence(
        effect(0, 0.1, -0.1, 0.3), words, Claim("enps", "nps", 0)
    ),
    "lags: claimed one among them": lambda words: lag_checks.lags_sentence(
        words, CLAIM, [0, 1, 2, 3], n_entities=24, n_periods=14
    ),
    "lags: claimed one not among them": lambda words: lag_checks.lags_sentence(
        words, CLAIM, [0, 1], n_entities=612, n_periods=6
    ),
    "lags: none": lambda words: lag_checks.lags_sentence(words, CLAIM, [0], n_entities=612, n_periods=3),
    "lead: flat": lambda words: lag_checks.lead_sentence(effect(-1, 0.02, -0.09, 0.13), words, CLAIM, limit=0.2),
    "lead: not flat": lambda words: lag_checks.lead_sentence(effect(-1, 0.2, 0.09, 0.31), words, CLAIM, limit=0.2),
    "lead: unclear": lambda words: lag_checks.lead_sentence(effect(-1, 0.1, -0.1, 0.3), words, CLAIM, limit=0.2),
    "lead: unclear, in standard deviations": lambda words: lag_checks.lead_sentence(
        effect(-1, -0.03, -0.12, 0.05, ratio=1), words, CLIMATE
    ),
    "lead: unclear, long names": lambda words: lag_checks.lead_sentence(effect(-1, 0.1, -0.1, 0.3), words, LONG),
    "lead: not made": lambda words: lag_checks.lead_sentence(not_estimated(effect(-1)), words, CLAIM),
    "reverse: weaker": lambda words: lag_checks.reverse_sentence(
        effect(2, 0.05, -0.05, 0.15), words, CLAIM, difference={"ci_low": 0.1, "ci_high": 0.6}
    ),
    "reverse: stronger": lambda words: lag_checks.reverse_sentence(
        effect(2, 0.6, 0.4, 0.8), words, CLAIM, difference={"ci_low": -0.6, "ci_high": -0.1}
    ),
    "reverse: cannot tell": lambda words: lag_checks.reverse_sentence(
        effect(2, 0.2, 0.1, 0.3), words, CLAIM, difference={"ci_low": -0.1, "ci_high": 0.3}
    ),
    "reverse: too few": lambda words: lag_checks.reverse_sentence(not_estimated(effect()), words, CLAIM),
    "detectable: points": lambda words: lag_checks.detectable_sentence(effect(), words, CLAIM),
    "detectable: standard deviations": lambda words: lag_checks.detectable_sentence(effect(), words, CLIMATE),
    "detectable: unknown": lambda words: lag_checks.detectable_sentence(not_estimated(effect()), words, CLAIM),
    "concordance: counted": lambda words: lag_checks.concordance_sentence(CONCORDANCE, words, CLAIM),
    "concordance: too few": lambda words: lag_checks.concordance_sentence({"estimate": NONE}, words, CLAIM),
    "caution: association": lambda words: cautions.caution("association", words),
    "caution: units": lambda words: cautions.caution("units", words),
    "caution: synthetic": lambda words: cautions.caution("synthetic", words),
    "caution: rounded": lambda words: cautions.caution("rounded", words),
    "caution: confidential": lambda words: cautions.caution("confidential", words),
    "caution: other firms": lambda words: cautions.other_firms("Gallup", words),
    "caution: one cluster": lambda words: cautions.few_clusters(1, words),
    "caution: too few clusters": lambda words: cautions.few_clusters(3, words),
    "caution: few clusters": lambda words: cautions.few_clusters(24, words),
    "disclosure: gate": lambda words: cautions.disclosure(released(e()), words),
    "disclosure: gate, none hidden": disclosed(12, 0),
    "disclosure: gate, one unit below": disclosed(1, 0),
    "disclosure: gate, one hidden": disclosed(12, 1),
    "disclosure: gate, many hidden": disclosed(1204, 41),
    "disclosure: published": lambda words: cautions.disclosure(
        released(e(), **PUBLISHED), words, source="Chicago Public Schools"
    ),
    "disclosure: published by the source": lambda words: cautions.disclosure(released(e(), **PUBLISHED), words),
    "taking part: none hidden": takes_part(n_hidden=0),
    "taking part: the only unit, not hidden": takes_part(n_units=1, n_hidden=0),
    "taking part: the only unit, hidden": takes_part(n_units=1, n_hidden=1, n_left_out=1),
    "taking part: one left out": takes_part(n_hidden=1, n_left_out=1),
    "taking part: all left out": takes_part(n_hidden=7, n_left_out=7),
    "taking part: all take part": takes_part(n_hidden=52, n_taking=52),
    "taking part: one of many left out": takes_part(n_hidden=52, n_taking=52, n_left_out=1),
    "taking part: some of many left out": takes_part(n_hidden=52, n_taking=49, n_left_out=9),
    "not applicable: no table": inapplicable(
        "This needs the table {table}, which the dataset {dataset} does not have.", table="outcomes", dataset="chicago"
    ),
    "not applicable: no level": inapplicable(
        "There are no units of level {level} in {unit}.", level="country", unit="Noord"
    ),
    "not applicable: no scores of measures": inapplicable("These units have no scores of {measures}.", measures="enps"),
    "not applicable: no scores of a unit": inapplicable(
        "There are no scores of {measures} for {unit}.", measures="enps, nps", unit="Noord"
    ),
    "not applicable: no scores at all": inapplicable("There are no scores for {unit}.", unit="Noord"),
    "not applicable: no earlier engagement": inapplicable(
        "Outcomes of {period} need {engagement} of {earlier}, which was not measured.",
        period="2024-Q1",
        engagement="engagement",
        earlier="2023-Q4",
    ),
    "not applicable: not seen together": inapplicable(
        "{x} and {y} are not seen together in {needed} periods of most units, so lags cannot be told.",
        x="enps",
        y="nps",
        needed=2,
    ),
    "not applicable: lag too long": inapplicable(
        "Lag {lag} leaves most units fewer than {needed} periods.", lag=3, needed=2
    ),
    "not applicable: few units for lags": inapplicable(
        "Telling lags apart needs {needed} units with enough periods; found {found}.", needed=5, found=1
    ),
    "not applicable: few units for rises": inapplicable(
        "Comparing rises needs {needed} units; found {found}.", needed=5, found=0
    ),
    "not applicable: few clusters": inapplicable(
        "Errors by cluster need {needed} clusters; found {found}.", needed=2, found=1
    ),
    "not applicable: few clusters for a joint test": inapplicable(
        "Testing {q} effects together needs more clusters than {n_clusters}.", q=5, n_clusters=4
    ),
    "not applicable: few rows": inapplicable(
        "Estimating {n_parameters} parameters needs more rows than {n}.", n_parameters=1204, n=1000
    ),
    "not applicable: no change within units": inapplicable(
        "{column} does not change within units beyond what all units share.", column="enps_lag1"
    ),
    "not applicable: lags not told apart": inapplicable(
        "What goes with {columns} cannot be told apart in these data.", columns="enps, enps_lag1, turnover"
    ),
    **{f"because: {name}": because(name) for name in verdicts.BECAUSE},
    "alt: trend": lambda words: alts.trend_alt(TREND, words, **NORTH, measures=["enps", "nps"]),
    "alt: intervals": lambda words: alts.intervals_alt(BESIDE, words, measure="enps", period="2024"),
    "alt: intervals, all hidden": lambda words: alts.intervals_alt(
        released(e(**HIDDEN)), words, measure="enps", period="2024"
    ),
    "alt: position": lambda words: alts.position_alt(
        BESIDE, words, **NORTH, reference_id="all", measures=["enps"], period="2024"
    ),
    "alt: gaps": lambda words: alts.gaps_alt(GAPS, words),
    "alt: no gaps": lambda words: alts.gaps_alt(pd.DataFrame([not_estimated(gap())]), words),
    "alt: lag profile": lambda words: alts.lag_profile_alt(PROFILE, words, CLAIM),
    "alt: lag profile, both directions": lambda words: alts.lag_profile_alt(PROFILE, words, CLAIM, reverse=PROFILE),
    # Evidence grades.
    **{
        f"grade {grade}": lambda words, grade=grade: grades.grade_sentence(grade, words, x="enps", y="nps")
        for grade in grades.GRADES
    },
    "lag: yes, graded": lambda words: lags.lag_answer(effect(), words, CLAIM, verdict="yes", grade="D"),
    "lag: feedback": lambda words: lag_checks.feedback_sentence(effect(1), words, CLAIM),
    "grade: checks that hold": lambda words: grades.held_sentence({"lead_flat": True, "detectable": None}, words),
    "not applicable: nothing before": inapplicable(
        "Whether {x} must come first cannot be asked at the same moment.", x="enps"
    ),
    # Robustness of a lag claim.
    "not applicable: lag beyond the panel": inapplicable(
        "This panel bears lags up to {longest}, not lag {lag}.", longest=1, lag=2
    ),
    "not applicable: no response rate": inapplicable("The response rate is not in these data."),
    "not applicable: no redesign": inapplicable("No redesign of the survey is known."),
    "not applicable: errors not known": inapplicable("The sampling errors of {x} are not known.", x="enps"),
    "not applicable: too much error": inapplicable(
        "Too much of the change in {x} within units is sampling error to correct for it.", x="enps"
    ),
    "not applicable: unit too short for a slope": inapplicable("The unit has too few periods for a slope of its own."),
    "not applicable: unit without movement": inapplicable(
        "Lags of this unit move too little, or too much together, for a slope of its own."
    ),
    "not applicable: few units for slopes": inapplicable(
        "Comparing slopes needs {needed} units with enough periods; found {found}.", needed=5, found=2
    ),
    "not applicable: redesign at the edge": inapplicable(
        "The redesign of the survey leaves too few periods before or after it."
    ),
    # Tests of the lag effect for few units.
    "not applicable: few units to exchange histories": inapplicable(
        "Exchanging histories needs {needed} units measured in the same periods as another; found {found}.",
        needed=5,
        found=3,
    ),
    # Whether there is no high y without a high x first.
    "necessity: holds": necessary("holds", "fewer_than_chance"),
    "necessity: holds, none": necessary("holds", "fewer_than_chance", n_clear=0),
    "necessity: holds, long names": necessary("holds", "fewer_than_chance", claim=LONG, n_clear=1, y_threshold=0.34),
    "necessity: fails": necessary("fails", "beyond_error", n_clear=31),
    "necessity: fails, long names": necessary("fails", "beyond_error", claim=LONG, n_clear=31, y_threshold=0.34),
    **{f"necessity: cannot tell, {because}": necessary("cannot_tell", because) for because in necessity.BECAUSE},
    "alt: necessity": lambda words: necessity.necessity_alt(pd.DataFrame([NECESSITY] * 4), words, CLAIM),
    "not applicable: few units for exceptions": inapplicable(
        "Counting exceptions needs {needed} units with {x} before {y}; found {found}.",
        needed=5,
        x="enps",
        y="nps",
        found=3,
    ),
    # How well a score is measured.
    **{f"not measured: {reason[:40]}": inapplicable(reason, **values) for reason, values in MEASUREMENT.items()},
    # Why a meta-analysis cannot be made.
    "not applicable: few studies": inapplicable(
        "This analysis needs {needed} studies; found {found}.", needed=2, found=1
    ),
    "not applicable: few reliabilities": inapplicable(
        "Correcting each study needs {needed} studies with reliabilities; found {found}.", needed=2, found=0
    ),
    "not applicable: no artifacts": inapplicable("Neither reliabilities nor ranges of these studies are known."),
    "not applicable: groups of studies": inapplicable(
        "Comparing groups of studies needs two groups and more studies than groups."
    ),
    "not applicable: studies alike": inapplicable("The studies are all alike in this respect."),
    "not applicable: few small studies": inapplicable(
        "Whether small studies differ needs {needed} studies; found {found}.", needed=10, found=7
    ),
    "not applicable: studies of one size": inapplicable(
        "All studies are equally large, so small ones cannot be compared with large ones."
    ),
    "not applicable: percent of nothing": inapplicable(
        "A percent gap means nothing where the bottom quarter's mean is not above zero."
    ),
}


# Words that stand on a card, in a table or inside a sentence.
PHRASES: dict[str, Callable[[Words], str]] = {
    **{f"card: {name}": state(name) for name in STATE_WORDS},
    **{f"verdict: {name}": lambda words, name=name: verdicts.verdict_text(name, words) for name in verdicts.VERDICTS},
    "card: a rate fell": lambda words: change_text(
        score(measure="response_rate", estimate=0.71, change=-0.06, change_half=0.04), words, level=False
    ),
    "amount: no points": amount(0, "nps"),
    "amount: 1 point": amount(1, "nps"),
    "amount: 1.5 points": amount(1.5, "nps", decimals=1),
    "amount: 2 points": amount(2, "nps"),
    "amount: many points": amount(-1204, "nps", signed=True),
    "amount: 1 percentage point": amount(-0.01, "rate", signed=True),
    "amount: percentage points": amount(5.5, "percent", signed=True),
    "amount: 1 standard deviation": amount(1, "sd", fixed=False),
    "amount: standard deviations": amount(0.3, "sd"),
    "number: large": lambda words: words.number(1234567.5),
    "number: below zero": lambda words: words.number(-1234.5),
    "number: a share": lambda words: words.percent(0.125, 1),
    "number: a share that fell": lambda words: words.percent(-0.125, 1, signed=True),
    "answers: a band": lambda words: words.answers(10, exact=False),
    "answers: published": lambda words: words.answers(10, exact=True),
    "answers: many": lambda words: words.answers(11012, exact=False),
    "value: a high band": in_band(95, "enps"),
    "value: a low band": in_band(-95, "enps"),
    "value: a high share": in_band(0.97, "response_rate"),
    "value: a low share": in_band(0.02, "response_rate"),
    "value: a band in a narrow place": in_band(95, "enps", short=True),
    "date": lambda words: words.date(date(2024, 3, 4)),
    "period: year": lambda words: words.period("2024"),
    "period: half-year": lambda words: words.period("2024-H1"),
    "period: quarter": lambda words: words.period("2024-Q3"),
    "period: unstated": lambda words: words.period("0001"),
    "period: before the unstated": lambda words: words.period("0000"),
    "period: month": lambda words: words.period("2024-07"),
    "duration: a month": lambda words: duration(words, 1, 12),
    "duration: 18 months": lambda words: duration(words, 3, 2),
    "duration: a year": lambda words: duration(words, 4, 4),
    "duration: 13 years": lambda words: duration(words, 13, 1),
    "list": lambda words: words.items([words.measure(measure) for measure in ("enps", "engagement", "turnover")]),
}
