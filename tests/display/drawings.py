"""One drawing of each kind of figure, with long Dutch names; `test_images` holds each against a picture of it.

A new kind of figure gets a function here and a line in `DRAWINGS`; then
``pytest tests/display/test_images.py --renew-images`` makes its two pictures, to be looked at and committed.
"""

from __future__ import annotations

import pandas as pd
from made_up import GATE, effect, gap, not_estimated, passed, released, score
from matplotlib.axes import Axes

from helpers.display import plots
from helpers.display.wording import Words
from helpers.display.wording.lags import Claim
from helpers.release import ReleasedTable

NL = Words("nl")
CLAIM = Claim("enps", "nps", 2)
NAMES = (
    "Klantenservice Zakelijk & Particulier NB",
    "Financiële administratie en verantwoording",
    "Binnendienst Verzekeringen Midden-Nederl",
    "Schadebehandeling Motorrijtuigen Rotterdam",
    "IT",
)
YEARS = range(2016, 2025)


def teams() -> ReleasedTable:
    """Five teams and the whole over nine years; one team always hidden, one in one year, one not asked in one."""
    units = pd.DataFrame(
        {"unit_id": ["all", *"abcde"], "name": ["Voorbeeld", *NAMES], "parent_id": "", "level": "team"}
    )
    rows = [score("all", str(year), estimate=5 + (year - 2016), half=1.5, n=4000) for year in YEARS]
    for number, unit in enumerate("abcde"):
        small = {"d": YEARS, "b": [2019]}.get(unit, ())
        rows += [
            score(
                unit,
                str(year),
                estimate=30 - 18 * number + 3 * (year % 4),
                half=6 + number,
                n=4 if year in small else 240,
            )
            for year in YEARS
            if (unit, year) != ("c", 2021)
        ]
    return passed(pd.DataFrame(rows), units, **GATE)


def trend() -> list[Axes]:
    both = [
        score(period=str(year), measure=measure, estimate=(year % 4) * 4)
        for year in YEARS
        for measure in ("enps", "nps")
    ]
    whole = [score("all", str(year), measure, half=2, n=4000) for year in YEARS for measure in ("enps", "nps")]
    missing = [row for row in both if row["period"] != "2020"]
    return plots.plot_trend(released(*missing, *whole), NL, unit_id="north", reference_id="all")


def intervals() -> Axes:
    return plots.plot_intervals(teams(), NL, measure="enps", period="2024", reference_id="all")


def position() -> Axes:
    here = [score(measure=measure, estimate=place) for measure, place in (("enps", 9.0), ("nps", -31.0))]
    whole = [score("all", measure=measure, estimate=4, half=2, n=4000) for measure in ("enps", "nps")]
    return plots.plot_position(released(*here, *whole), NL, unit_id="north", reference_id="all", period="2024")


# Beyond the edge of their bands: nearly all of 12 people gave the same answer.
HIGH, LOW = {"estimate": 95, "n": 12}, {"estimate": -95, "n": 12}


def bands_trend() -> list[Axes]:
    """A figure in a band in the middle and at the end of one series, and low at the start of the other."""
    places = {("enps", 2019): HIGH, ("enps", 2024): HIGH, ("nps", 2016): LOW}
    rows = [
        score(
            period=str(year), measure=measure, half=9, **places.get((measure, year), {"estimate": 30 + 5 * (year % 4)})
        )
        for year in YEARS
        for measure in ("enps", "nps")
    ]
    return plots.plot_trend(released(*rows), NL, unit_id="north")


def bands_intervals() -> Axes:
    units = pd.DataFrame({"unit_id": list("abcde"), "name": NAMES, "parent_id": "", "level": "team"})
    rows = [score("a", **HIGH), score("b", estimate=41), score("c", estimate=-7), score("d", **LOW), score("e", n=4)]
    return plots.plot_intervals(passed(pd.DataFrame(rows), units, **GATE), NL, measure="enps", period="2024")


def bands_position() -> Axes:
    here = [score(**HIGH), score(measure="nps", estimate=-31.0)]
    whole = [score("all", measure=measure, estimate=4, half=2, n=4000) for measure in ("enps", "nps")]
    return plots.plot_position(released(*here, *whole), NL, unit_id="north", reference_id="all", period="2024")


def bands_small_multiples() -> Axes:
    units = pd.DataFrame({"unit_id": list("abcd"), "name": NAMES[:4], "parent_id": "", "level": "team"})
    places = {("a", 2024): HIGH, ("b", 2020): HIGH, ("c", 2016): LOW}
    rows = [
        score(unit, str(year), half=9, **places.get((unit, year), {"estimate": 10 + 12 * (year % 4)}))
        for unit in "abcd"
        for year in YEARS
    ]
    return plots.plot_small_multiples(passed(pd.DataFrame(rows), units, **GATE), NL, measure="enps", units=list("abcd"))


def gaps() -> Axes:
    rows = [gap(), gap("turnover", -24, -31, -17), not_estimated(gap("customer_satisfaction"))]
    return plots.plot_gaps(pd.DataFrame(rows), NL, published={"profit": 21, "turnover": -43})


def lag_profile() -> Axes:
    forward = pd.DataFrame([effect(lag, 0.1 * lag, 0.1 * lag - 0.2, 0.1 * lag + 0.2) for lag in range(-1, 4)])
    reverse = pd.DataFrame([effect(lag, 0.05, -0.1, 0.2) for lag in range(-1, 4)])
    return plots.plot_lag_profile(forward, NL, CLAIM, reverse=reverse)


def small_multiples() -> Axes:
    return plots.plot_small_multiples(teams(), NL, measure="enps", units=list("abcde"), reference_id="all")


def forest_rows() -> pd.DataFrame:
    """Five estimates, one of them far wider than the others and one not given, and what they come to together."""
    rows = [effect(2, 0.3, 0.1, 0.5), effect(2, -0.1, -0.3, 0.1), effect(2, 0.2, 0.1, 0.3), effect(2, 0.4, -4, 4.8)]
    rows = [*rows, not_estimated(effect(2)), effect(2, 0.2, 0.12, 0.28)]
    named = pd.DataFrame(rows).assign(term=[*"abcde", "all"], name=[*NAMES, "Alle teams samen"])
    return named.assign(weight=[0.2, 0.2, 0.5, 0.1, None, None])


def forest() -> Axes:
    return plots.plot_forest(forest_rows(), NL, claim=CLAIM, pooled="all", smallest=0.05)


def curve() -> Axes:
    rows = [effect(2, 0.1 + 0.012 * place, -0.1 + 0.012 * place, 0.3 + 0.015 * place) for place in range(24)]
    return plots.plot_curve(pd.DataFrame(rows).assign(is_headline=[place == 5 for place in range(24)]), NL, CLAIM)


def power_points() -> pd.DataFrame:
    """A made-up curve that reaches 80 % at the least detectable effect of `made_up.effect`, 0.2 per point."""
    return pd.DataFrame(
        {"effect": [0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3], "power": [0.05, 0.1, 0.29, 0.56, 0.8, 0.94, 0.99]}
    )


def power() -> Axes:
    return plots.plot_power(power_points(), NL, CLAIM, row=pd.Series(effect(2, 0.1, -0.04, 0.24)), claimed=2.6)


def necessity_cells() -> pd.DataFrame:
    """A grid in which exceptions grow with the threshold of what must come first, with every state."""
    states = {
        (0, 3): "fewer",
        (1, 3): "fewer",
        (2, 3): "few_chances",
        (3, 0): "more",
        (3, 1): "more",
    }
    rows = [
        {
            "x_threshold": 5.0 + 8 * across,
            "y_threshold": 10.0 + 12 * down,
            "n_clear": (across + 1) * (4 - down) - 1,
            "expected_independence": 7.0 * (across + 1) + 3 * (4 - down),
            "expected_own_past": 6.0 * (across + 1) + 3 * (4 - down),
            "estimate": 0.9 - 0.1 * across,
            "state": states.get((across, down), "unclear"),
        }
        for across in range(4)
        for down in range(4)
    ]
    return pd.DataFrame(rows)


def necessity() -> Axes:
    return plots.plot_necessity(necessity_cells(), NL, CLAIM)


def likert() -> Axes:
    shares = {"a": (0.11, 0.24, 0.65), "b": (0.4, 0.35, 0.25), "c": (0.02, 0.08, 0.9)}
    rows = [
        score(measure=question, estimate=share, n=4 if question == "d" else 240) | {"category": category}
        for question, of_question in {**shares, "d": (0.2, 0.2, 0.6)}.items()
        for category, share in zip(("unfavourable", "neutral", "favourable"), of_question, strict=True)
    ]
    return plots.plot_likert(released(*rows), NL, names=dict(zip("abcd", NAMES, strict=False)))


def importance() -> Axes:
    places = {"a": (4.2, 0.3), "b": (3.0, 0.35), "c": (4.0, 0.1), "d": (3.2, 0.05), "e": (3.65, 0.2)}
    scores = released(*(score(measure=theme, estimate=place, half=0.1) for theme, (place, _) in places.items()))
    shares = pd.DataFrame({"term": list(places), "estimate": [share for _, share in places.values()]})
    shares = shares.assign(ci_low=shares["estimate"] - 0.03, ci_high=shares["estimate"] + 0.03)
    return plots.plot_importance(scores, NL, shares, names=dict(zip("abcde", NAMES, strict=True)))


def dropped() -> Axes:
    counts = {"missing_y": 12, "lag_before_start": 48, "kept": 264}
    return plots.plot_dropped([{"reason": reason, "n_rows": n} for reason, n in counts.items()], NL)


def studies() -> Axes:
    rows = [{"r": 0.55 - 0.02 * number, "n": 20 + 7 * (number % 9)} for number in range(45)]
    table = pd.DataFrame(rows)
    table = table.assign(ci_low=table["r"] - 1.5 / table["n"] ** 0.5, ci_high=table["r"] + 1.5 / table["n"] ** 0.5)
    quantity = "Waargenomen correlatie van bevlogenheid en het aandeel herhaalaankopen"
    return plots.plot_studies(table, NL, mean=0.12, most=(0.02, 0.22), quantity=quantity)


def distribution() -> list[Axes]:
    """Employees with many answers, customers with few, of whom some are evened out."""
    counts = {"enps": [4, 3, 6, 8, 13, 30, 61, 140, 201, 168, 92], "nps": [0, 0, 1, 2, 0, 4, 3, 10, 12, 20, 11]}
    return plots.plot_distribution([spread(measure, of_each) for measure, of_each in counts.items()], NL)


def spread(measure: str, counts: list[int]) -> ReleasedTable:
    classes = ["detractors"] * 7 + ["passives"] * 2 + ["promoters"] * 2
    rows = [
        score(measure=measure, estimate=count / sum(counts), n=sum(counts)) | {"category": str(answer), "class": of}
        for answer, (count, of) in enumerate(zip(counts, classes, strict=True))
    ]
    return released(*rows)


def survival() -> Axes:
    points = [0.5 * step for step in range(21)]
    rates = {"top": 0.1, "bottom": 0.17}
    rows = [
        {"quarter": quarter, "time": time, "estimate": share, "ci_low": share - spread, "ci_high": share + spread}
        for quarter, rate in rates.items()
        for time in points
        for share, spread in [((1 - rate) ** time, 0.012 * time**0.5)]
    ]
    return plots.plot_survival(pd.DataFrame(rows), NL)


DRAWINGS = {
    "curve": curve,
    "distribution": distribution,
    "trend": trend,
    "intervals": intervals,
    "position": position,
    "bands_trend": bands_trend,
    "bands_intervals": bands_intervals,
    "bands_position": bands_position,
    "bands_small_multiples": bands_small_multiples,
    "gaps": gaps,
    "lag_profile": lag_profile,
    "small_multiples": small_multiples,
    "forest": forest,
    "power": power,
    "necessity": necessity,
    "likert": likert,
    "importance": importance,
    "dropped": dropped,
    "studies": studies,
    "survival": survival,
}
