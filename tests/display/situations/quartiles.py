"""Situations of the page on quarters of units: organisations, published figures, luck, other ways of looking."""

import pandas as pd
from made_up import gap, not_estimated

from helpers.display.wording import (
    cautions,
    quartile_checks,
    quartile_luck,
    quartile_method,
    quartile_organisations,
    quartile_published,
    quartiles,
)

NONE = float("nan")


def within(row, verdict, because="", **more):
    row = {"n_clusters": 60, **row}
    return lambda words: quartiles.quartile_answer(row, words, verdict=verdict, because=because, within=True, **more)


def frame(**periods):
    """Outcomes with their waves, as ``outcome=(engagement_period, period)``."""
    rows = [{"outcome": name, "engagement_period": cut, "period": period} for name, (cut, period) in periods.items()]
    return pd.DataFrame(rows)


def retest(again, lost, low, high, gain=(0.65, 0.49, 0.82), reason=""):
    shares = {"again": again, "conf_level": 0.95, "reason": reason, "gap_cut": 2.52, "gap_again": 1.26}
    rows = {
        "share_lost": (lost, low, high),
        "gain_bottom": gain,
        "r": (0.45, 0.35, 0.56) if low == low else (0.45, low, high),
    }
    table = {
        term: {**shares, "estimate": estimate, "ci_low": below, "ci_high": above}
        for term, (estimate, below, above) in rows.items()
    }
    names = {"engagement": "engagement", "cut": "2023", "again": "2024" if again == "after" else "2022"}
    return lambda words: quartile_luck.retest_sentence(table, words, **names)


def groups(**rows):
    made = [{**gap("turnover", *figures), "group": group, "n_clusters": n} for group, (n, *figures) in rows.items()]
    return lambda words: quartile_published.turnover_sentences(pd.DataFrame(made), words, threshold=40.0)


def answered(same, other):
    rows = [
        {**gap("enps", *figures, scale="raw"), "part": part}
        for part, figures in (("same half", same), ("other half", other))
    ]
    names = {"engagement": "engagement", "same": "same half", "other": "other half"}
    return lambda words: quartile_luck.mood_sentences(pd.DataFrame(rows), "enps", words, **names)


def ranking(**ways):
    return lambda words: quartile_luck.ranking_sentence(words, **ways)


def checked(*rows):
    table = pd.DataFrame(rows, columns=["outcome", "check", "agrees"]).astype({"agrees": "boolean"})
    return lambda words: quartile_checks.agreement_sentence(table, words)


def possible(ways, *, is_within, partly=()):
    rows = [(outcome, way) for outcome in ("profit", "nps") for way in ways]
    table = pd.DataFrame([*rows, *(("nps", way) for way in partly)], columns=["outcome", "check"])
    return lambda words: quartile_checks.absent_sentence(table, words, within=is_within)


def unlike(outcomes, *, is_within, low=0.33):
    pooled = pd.DataFrame([gap("nps", 0.22, -0.09, 0.54, scale="sd")])
    medians = pd.DataFrame([gap("nps", 0.38 if is_within else -0.2, low, 0.47 if is_within else NONE, scale="sd")])
    return lambda words: quartile_organisations.unlike_sentence(outcomes, pooled, medians, words, within=is_within)


def inapplicable(reason, **values):
    return lambda words: cautions.not_applicable(reason, values, words)


R = {"estimate": 0.32, "ci_low": 0.25, "ci_high": 0.39}
ALL_WAYS = ["headline", "same_wave", "by_n", "by_precision", "slope", "adjusted"]
SD = {"scale": "sd"}

SITUATIONS = {
    "within: yes": within(gap("profit", 9, 6, 14), "yes", "zero_excluded", published=21),
    "within: yes, less is better": within(gap("turnover", -18, -20, -13), "yes", "zero_excluded"),
    "within: yes, a level": within(gap("nps", 0.38, 0.33, 0.47, **SD), "yes", "zero_excluded"),
    "within: yes, a lower level": within(gap("mortality_index", -8, -13, -3), "yes", "zero_excluded"),
    "within: no": within(gap("profit", 0.4, -2, 2.8), "no", "below_smallest"),
    "within: cannot tell": within(gap("profit", 5, -3, 13), "cannot_tell", "interval_includes_0"),
    "within: wrong sign": within(gap("profit", -11, -17, -5), "cannot_tell", "wrong_sign"),
    "within: no interval": within(
        {**gap("profit", 5), "ci_low": NONE, "ci_high": NONE, "n_clusters": 4}, "cannot_tell", "too_few_organisations"
    ),
    "within: not estimated": within(
        {**not_estimated(gap("profit", reason="too_few_organisations")), "n_clusters": 0}, "cannot_tell", "too_few"
    ),
    "organisations: each figure a median": lambda words: quartile_organisations.median_sentence(
        words, n_organisations=60
    ),
    "organisations: the median leads": lambda words: quartile_organisations.leading_sentence(
        words, n_organisations=60, within=True
    ),
    "organisations: too few to lead": lambda words: quartile_organisations.leading_sentence(
        words, n_organisations=4, within=False
    ),
    "organisations: all units tell otherwise": unlike(["nps"], is_within=True),
    "organisations: all units tell the same": unlike([], is_within=True),
    "organisations: few, and the gap turns": unlike(["nps"], is_within=False, low=NONE),
    "organisations: few, and no gap turns": unlike([], is_within=False, low=NONE),
    "turnover: one organisation, lower": groups(low=(1, -34, NONE, NONE)),
    "turnover: one organisation, high": groups(high=(1, -14, NONE, NONE)),
    "turnover: all lower": groups(low=(47, -19, -23, -13)),
    "turnover: all high": groups(high=(13, -14, -20, -8)),
    "turnover: both": groups(low=(47, -19, -23, -13), high=(13, -14, -20, 1)),
    "turnover: both, few with high": groups(low=(47, -19, -23, -13), high=(3, -14, NONE, NONE)),
    "published: sales beside productivity": lambda words: quartile_published.sales_sentence(["productivity"], words),
    "published: loyalty beside repeat purchase": lambda words: quartile_published.sales_sentence(["repurchase"], words),
    "published: sales and loyalty": lambda words: quartile_published.sales_sentence(
        ["productivity", "repurchase"], words
    ),
    "published: nothing": quartile_published.nothing_beside,
    "published: the edition drawn": lambda words: quartile_published.drawn_sentence(words, year=2016),
    "retest: less": retest("after", 0.5, 0.38, 0.62),
    "retest: unclear": retest("after", 0.06, -0.09, 0.21, gain=(0.1, -0.1, 0.3)),
    "retest: more": retest("after", -0.2, -0.3, -0.1, gain=(-0.2, -0.3, -0.1)),
    "retest: no interval": retest("after", 0.5, NONE, NONE, reason="too_few_clusters"),
    "retest: before, less": retest("before", 0.61, 0.48, 0.74),
    "retest: before, unclear": retest("before", 0.06, -0.09, 0.21, gain=(0.1, -0.1, 0.3)),
    "retest: before, more": retest("before", -0.2, -0.3, -0.1, gain=(-0.2, -0.3, -0.1)),
    "retest: before, no interval": retest("before", 0.5, NONE, NONE, reason="too_few_clusters"),
    "retest: too few": retest("after", NONE, NONE, NONE, reason="too_few_units"),
    "halves: the same people": answered((68, 58, 78), (33, 22, 45)),
    "halves: the same people, no interval": answered((68, NONE, NONE), (33, NONE, NONE)),
    "halves: not estimated": answered((68, 58, 78), (NONE, NONE, NONE)),
    "halves: all units, another wave": ranking(within=True, same_wave=False),
    "halves: all units, the same wave": ranking(within=True, same_wave=True),
    "halves: another wave": ranking(within=False, same_wave=False),
    "retest: all units": lambda words: quartile_luck.together_sentence(words, within=True),
    "halves: less is left": lambda words: quartile_luck.halves_sentence(0.85, 9, words),
    "halves: one outcome": lambda words: quartile_luck.halves_sentence(0.85, 1, words),
    "halves: more is left": lambda words: quartile_luck.halves_sentence(1.04, 2, words),
    "halves: reliability": lambda words: quartile_luck.reliability_sentence(R, R, words, engagement="engagement"),
    "ways: all agree": checked(("profit", "headline", True), ("profit", "by_n", True)),
    "ways: some differ": checked(
        ("profit", "headline", True), ("profit", "by_n", True), ("nps", "pooled", False), ("nps", "same_wave", False)
    ),
    "ways: all differ": checked(("profit", "headline", True), ("profit", "adjusted", False)),
    "ways: not possible": possible(["headline", "slope"], is_within=False),
    "ways: partly possible": possible(
        [way for way in ALL_WAYS if way != "by_precision"], is_within=False, partly=["by_precision"]
    ),
    "ways: not pooled": possible(ALL_WAYS, is_within=True),
    "waves: one of another": lambda words: quartile_method.other_waves(
        frame(profit=("2021", "2022"), nps=("2021", "2022"), parent_climate=("2017", "2018")),
        words,
        engagement="teacher_climate",
    ),
    "waves: not compared": lambda words: quartile_method.not_compared(
        frame(profit=("2021", "2022")), words, outcomes=["profit", "nps", "absence"], engagement="engagement"
    ),
    "ties: uneven groups": lambda words: quartile_method.tie_sentence(words, top_share=0.36, bottom_share=0.46),
    "ties: uneven groups, in short": lambda words: quartile_method.uneven_sentence(
        words, top_share=0.36, bottom_share=0.46
    ),
    "not applicable: waves beside": inapplicable(
        "{engagement} was not measured in the periods beside {period}.", engagement="engagement", period="2023"
    ),
    "not applicable: no halves": inapplicable(
        "{engagement} was not made from answers, so nobody can be split in halves.", engagement="engagement"
    ),
    "not applicable: few halves": inapplicable("Too few units have answers in both halves."),
    "not applicable: sizes unknown": inapplicable("The number of people in these units is not known."),
}
