"""Situations of the page on where a unit stands: scores, spread, moments, climate, response, levels."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from made_up import PUBLISHED, released, score
from markupsafe import Markup

from helpers.display.wording import (
    Words,
    cautions,
    nps_climate,
    nps_levels,
    nps_response,
    nps_scores,
    nps_spread,
)

NONE, NORTH = float("nan"), {"unit_id": "north", "period": "2024"}
UP, DOWN, FLAT = {"change": 9, "change_half": 7}, {"change": -6, "change_half": 5}, {"change": 2, "change_half": 7}
HIDDEN, HIGH = {"n": 6}, {"estimate": 99.2, "n": 120}
MOMENTS = pd.DataFrame(
    {
        "unit_id": ["all", "use", "service", "delivery", "website"],
        "name": ["Voorbeeld", "gebruik", "service", "levering", "website"],
        "parent_id": ["", "all", "all", "all", "all"],
        "level": "moment",
    }
)
LEVELS = pd.DataFrame({"item": ["Srprs.me", "good above (Bain)", "a firm in Leeds"], "value": [61.0, 0.0, 12.0]})


def reason(text: str, **values: object) -> Callable[[Words], str]:
    return lambda words: cautions.not_applicable(text, values, words)


def stands_in(employee: str, customer: str) -> Callable[[Words], str]:
    return lambda words: nps_scores.stand_in_sentence(words, employee=employee, customer=customer)


def beside(own: dict[str, float], **others: dict[str, float]) -> Callable[[Words], str]:
    rows = [score(**own), *(score(measure=name, estimate=3.6, half=0.1, **more) for name, more in others.items())]
    before = [{**row, "period": "2023", "change": NONE} for row in rows]
    table = released(*before, *rows)
    return lambda words: nps_scores.beside_sentence(table, words, measures=["enps", *others], **NORTH)


def design(n_clusters: int, wider: float, measure: str = "enps") -> Callable[[Words], str]:
    rows = pd.DataFrame([{"measure": measure, "n_clusters": n_clusters, "wider": wider}])
    return lambda words: nps_scores.design_sentences(rows, words)


def pairs(n_units: int, n_pairs: int, n_clear: int) -> Callable[[Words], str]:
    found = {"n_units": n_units, "n_pairs": n_pairs, "n_clear": n_clear, "n_expected": 0.05 * n_pairs}
    return lambda words: nps_scores.pairs_sentence(found, words, measure="enps")


def classes(n: float = 240, **rules: object) -> Callable[[Words], str]:
    shares = {"promoters": (0.42, 0.06), "passives": (0.38, 0.06), "detractors": (0.2, 0.05)}
    rows = [
        score(estimate=share, half=half, n=n) | {"kind": "rate", "category": name}
        for name, (share, half) in shares.items()
    ]
    return lambda words: nps_spread.classes_sentence(released(*rows, **rules), words, measure="enps")


def moments(*, highest: str = "", lowest: str = "", **scores: float) -> Callable[[Words], str]:
    """Scores by moment, and those which may be the highest and the lowest."""
    rows = [
        score(one, measure="nps", estimate=value, half=3)
        | {"may_be_highest": float(one in highest), "may_be_lowest": float(one in lowest)}
        for one, value in scores.items()
    ]
    table = released(score("all", measure="nps", estimate=26, half=2), *rows, units=MOMENTS)
    return lambda words: nps_spread.moments_sentence(table, words)


def scale(alpha: float, half: float, omega: float | None = None) -> Callable[[Words], str]:
    found = {"alpha": alpha} | ({"omega": omega} if omega else {})
    rows = pd.DataFrame(
        [
            {"term": term, "estimate": value, "ci_low": value - half, "ci_high": value + half, "conf_level": 0.95}
            for term, value in found.items()
        ]
    ).assign(n_items=3)
    return lambda words: nps_climate.scale_sentence(rows, words, measure="engagement")


def climate(icc1: tuple[float, float, float], agreed: float | None, n_hidden: int = 0) -> Callable[[Words], str]:
    iccs = pd.DataFrame([icc1, (0.54, 0.49, 0.6)], columns=["estimate", "ci_low", "ci_high"])
    iccs = iccs.assign(term=["icc1", "icc2"], conf_level=0.95, n_clusters=240, size=11.6)
    iccs.loc[1, "estimate"] = 0.54 if icc1[0] > 0 else -0.2
    rows = [{"null": "uniform", "median": agreed, "share_agreed": 0.72, "n_units": 236}] if agreed else []
    agreement = pd.DataFrame(rows, columns=["null", "median", "share_agreed", "n_units"])
    choices = {"level": "team", "below": "Voorbeeld", "n_hidden": n_hidden}
    return lambda words: Markup(" ").join(nps_climate.climate_sentences(iccs, agreement, words, **choices))


def needed(estimate: float, low: float, high: float, usual: float) -> Callable[[Words], str]:
    rows = pd.DataFrame([{"estimate": estimate, "ci_low": low, "ci_high": high, "reliability": 0.7}])
    return lambda words: nps_climate.needed_sentence(rows, words, usual=usual)


def response(
    own: float, *below: float, enps: bool = True, n: float = 240, asked: bool = True, **rules: object
) -> Callable[[Words], str]:
    rates = {"north": own} | dict(zip(("south", "tiny"), below, strict=False))
    rows = [
        score(unit, measure="response_rate", estimate=rate, half=0.05, n=n if unit == "north" else 240)
        for unit, rate in rates.items()
    ]
    table = released(*(rows if asked else []), *([score(n=n)] if enps else [score(measure="engagement", n=n)]), **rules)
    return lambda words: nps_response.response_sentence(table, words, units=["south", "tiny"], **NORTH)


def weighted(after: float, half: float, *, by_units: bool = True) -> Callable[[Words], str]:
    rows = {"before": (23.8, 1.4), "after": (after, 1.4), "change": (after - 23.8, half)}
    effect = pd.DataFrame(
        [
            {"term": term, "estimate": value, "ci_low": value - width, "ci_high": value + width, "conf_level": 0.95}
            for term, (value, width) in rows.items()
        ]
    )
    choices = {"measure": "enps", "n_groups": 24, "by_units": by_units}
    return lambda words: nps_response.weighted_sentence(effect, words, **choices)


def smallest(n: float, n_previous: float, size: float) -> Callable[[Words], str]:
    seen = {"measure": "enps", "n": n, "n_previous": n_previous, "smallest": size, "power": 0.8}
    return lambda words: nps_levels.smallest_sentence(seen, words, exact=False)


def level(reliability: float, *, tau: float = 20, unit: str = "north", below: bool = False) -> Callable[[Words], str]:
    rows = pd.DataFrame(
        [
            {"unit_id": one, "estimate": 52.0, "level": 24 + 28 * reliability, "reliability": reliability}
            for one in ("north", "south")
        ]
    )
    rows = rows.assign(level_low=rows["level"] - 20, level_high=rows["level"] + 20, mean=24.0, tau=tau, n_units=392)
    rows = rows.assign(conf_level=0.95, measure="enps", kind="nps", is_below=below)
    return lambda words: nps_levels.level_sentence(rows, words, unit_id=unit, measure="enps")


def published(one: str = "", **row: float) -> Callable[[Words], str]:
    table = released(score(measure="nps", **row))
    choices = {"measure": "nps", "one": one, **NORTH}
    return lambda words: nps_levels.published_sentence(table, LEVELS, words, **choices)


def bare_published(words: Words) -> str:
    table = released(score(measure="nps", estimate=30, half=NONE), **PUBLISHED)
    return nps_levels.published_sentence(table, LEVELS, words, measure="nps", **NORTH)


# Why a part of the page cannot be given.
REASONS: dict[str, dict[str, object]] = {
    "The figures of {unit} are not shown, to protect small groups.": {"unit": "Noord"},
    "{unit} was dissolved after {earlier}, so it has no figures in {period} to show.": {
        "unit": "Noord",
        "earlier": "2017",
        "period": "2024",
    },
    "There is no figure of {column} to show.": {"column": "enps"},
    "Nearly all people answered alike, so only a limit is told of {column}.": {"column": "enps"},
    "Too few people of {unit} gave each answer to show how their answers are spread.": {"unit": "Noord"},
    "The dataset has no questions on {column}.": {"column": "engagement"},
    "A climate of units needs {needed} of them with figures that may take part; found {found}.": {
        "needed": 5,
        "found": 3,
    },
    "Weighting for non-response needs two groups of people who were invited; found {found}.": {"found": 1},
    "The customers' answers do not say at which moment they were given.": {},
    "There are no answers of {unit}.": {"unit": "Noord"},
    "The moments of {unit} are not shown, to protect small groups.": {"unit": "Noord"},
    "The last change in {column} has no interval, or is not shown.": {"column": "enps"},
    "How far people recommend was not asked here.": {},
    "Fewer than two units directly below have figures to compare.": {},
}

SITUATIONS: dict[str, Callable[[Words], str]] = {
    "stand-in: for both": stands_in("teacher_climate", "student_climate"),
    "stand-in: for eNPS": stands_in("engagement", "nps"),
    "stand-in: for NPS": stands_in("enps", "customer_satisfaction"),
    "beside eNPS: both fell as well": beside(DOWN, engagement=DOWN, employee_satisfaction=DOWN),
    "beside eNPS: one rose as well, one unclear": beside(UP, engagement=UP, employee_satisfaction=FLAT),
    "beside eNPS: one fell while it rose": beside(UP, engagement=DOWN),
    "beside eNPS: one rose while it is unclear": beside(FLAT, engagement=UP),
    "beside eNPS: one fell while it is unclear": beside(FLAT, engagement=DOWN),
    "design: groups make it wider": design(514, 1.87),
    "design: groups hardly matter": design(40, 1.01, "nps"),
    "design: independent answers": design(0, 1.0),
    "design: none": lambda words: nps_scores.design_sentences(pd.DataFrame(columns=["measure"]), words),
    "pairs: many differ": pairs(24, 276, 204),
    "pairs: no more than chance": pairs(24, 276, 9),
    "pairs: few pairs": pairs(3, 3, 1),
    "pairs: none differ": pairs(3, 3, 0),
    "pairs: too few answers": pairs(3, 0, 0),
    "classes: shown": classes(),
    "classes: of a band of answers": classes(n=12, min_group=5, disclosure="gate"),
    "classes: hidden": classes(n=6),
    "moments: both ends": moments(use=30, service=27, delivery=20, highest="use", lowest="delivery"),
    "moments: one end": moments(use=30, service=27, website=20, highest="use service", lowest="website"),
    "moments: neither end": moments(
        use=30, service=29, delivery=22, website=20, highest="use service", lowest="delivery website"
    ),
    "moments: all but one": moments(use=30, service=29, website=20, highest="use service website", lowest="website"),
    "moments: not apart": moments(use=30, service=27, highest="use service", lowest="use service"),
    "moments: one": moments(use=30, highest="use", lowest="use"),
    "scale: good enough": scale(0.85, 0.03, 0.86),
    "scale: too little": scale(0.55, 0.06),
    "scale: unclear": scale(0.7, 0.08, 0.72),
    "climate: agree and differ": climate((0.11, 0.09, 0.13), 0.78, n_hidden=152),
    "climate: one hidden": climate((0.11, 0.09, 0.13), 0.78, n_hidden=1),
    "climate: differ, disagree": climate((0.11, 0.09, 0.13), 0.42),
    "climate: agree, unclear": climate((-0.01, -0.04, 0.09), 0.78),
    "climate: disagree, unclear": climate((0.03, -0.01, 0.09), 0.42),
    "climate: agree, alike": climate((0.01, -0.01, 0.03), 0.78),
    "climate: disagree, alike": climate((0.01, -0.01, 0.03), 0.42),
    "climate: one question": climate((0.11, 0.09, 0.13), None),
    "answers needed: too few": needed(18.7, 15.5, 22.3, 8),
    "answers needed: enough": needed(18.7, 15.5, 22.3, 40),
    "answers needed: no upper bound": needed(28.3, 4.1, float("inf"), 14),
    "response: range": response(0.7, 0.65, 0.75),
    "response: the same below": response(0.7, 0.65, 0.65),
    "response: no units below": response(0.8),
    "response: without eNPS": response(0.8, enps=False),
    "response: a limit": response(0.999),
    "response: published, so not rounded": response(0.7, 0.65, 0.75, **PUBLISHED),
    "response: a limit, rates below": response(0.999, 0.65, 0.75),
    "response: hidden": response(0.8, n=6),
    "response: unknown": response(0.8, asked=False),
    "weighted: more than chance": weighted(24.6, 0.4),
    "weighted: may be chance": weighted(23.6, 0.4, by_units=False),
    "weighted: stays": weighted(23.81, 0.4),
    "weighted: stays, groups": weighted(23.81, 0.4, by_units=False),
    "weighted: groups, more than chance": weighted(22.9, 0.4, by_units=False),
    "weighted: units, may be chance": weighted(23.6, 0.4),
    "smallest change: many answers": smallest(11012, 11087, 3.1),
    "smallest change: rounded up": smallest(11012, 11087, 2.3),
    "smallest change: of other sizes": lambda words: nps_levels.sizes_caption(words, power=0.8),
    "smallest change: few answers": smallest(20, 10, 51.7),
    "level: pulled": level(0.75),
    "level: kept": level(0.98),
    "level: units are alike": level(0.0, tau=0),
    "level: not told exactly": level(0.75, unit="tiny"),
    "level: of units below": level(0.75, unit="all", below=True),
    "published: above some, below one": published("Srprs.me", estimate=30, half=4),
    "published: above one": published("Srprs.me", estimate=72, half=4),
    "published: near one": published("Srprs.me", estimate=59, half=4),
    "published: above none": published(estimate=-20, half=4),
    "published: hidden": published("Srprs.me", **HIDDEN),
    "published: a limit": published("Srprs.me", **HIGH),
    "published: without interval": bare_published,
    "published: caution": nps_levels.elsewhere_sentence,
    **{f"reason: {text}": reason(text, **values) for text, values in REASONS.items()},
}
PHRASES: dict[str, Callable[[Words], str]] = {
    **{f"moment: {name}": lambda words, name=name: nps_spread.moment_name(name, words) for name in nps_spread.MOMENTS},
    **{
        f"published level: {name}": lambda words, name=name: nps_levels.published_name(name, words)
        for name in nps_levels.PUBLISHED
    },
}
