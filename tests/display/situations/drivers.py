"""Drivers of engagement: which are linked, which matter most, strengths and weaknesses, and links beside them."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pandas as pd

from helpers.display.wording import Words, driver_checks, driver_links, driver_ranks, driver_standing, drivers
from helpers.display.wording.drivers import DriverClaim
from situations.general import inapplicable

BERSIN = ("meaningful_work", "hands_on_management", "positive_environment", "growth_opportunity", "trust_in_leadership")
LONG = "Mijn leidinggevende, of iemand anders op het werk, lijkt om mij als mens te geven."
REASONS: dict[str, dict[str, object]] = {
    "This needs what employees say of their work, question by question or theme by theme.": {},
    "These data have no answers and no scores of employees on {column}.": {"column": "profit"},
    "These data have no answers of employees on {column}.": {"column": "enps"},
    "Answers of single people are not known here.": {},
    "No unit was measured in two periods.": {},
    "The drivers have no one scale, so no score can be aimed at for all of them.": {},
    "A single question cannot tell its own noise, so nothing is corrected for it.": {},
    "There are no scores of these drivers for {unit}.": {"unit": "Noord"},
    "This needs {needed} groups of people; found {found}.": {"needed": 5, "found": 3},
    "All answers to one of these questions are the same.": {},
    "Knowing why, being valued, purpose and promises kept were not asked about here.": {},
    "Units differ too little in {x} to set them beside each other.": {"x": "context"},
    "Setting drivers beside each other needs two of them; found {found}.": {"found": 1},
    "Telling {n} drivers apart needs {needed} rows or more.": {"n": 9, "needed": 90},
    "The drivers move together so closely that they cannot be told apart.": {},
    "Importance can be shared out among at most {most} drivers; found {found}.": {"most": 12, "found": 24},
}


def claim(words: Words, kind: str = "elements", look: str = "persons", n: int = 5) -> DriverClaim:
    names = {one: words.measure(one) for one in BERSIN[:n]}
    if kind == "questions":
        names = {f"q{number}": LONG for number in range(n)}
    return DriverClaim("engagement", kind, names, look, "2024")


def answer(because: str, *verdicts: str, verdict: str = "cannot_tell", **choices: str) -> Callable[[Words], str]:
    def told(words: Words) -> str:
        about = claim(words, n=len(verdicts), **choices)
        slopes = pd.DataFrame({"term": list(about.names), "verdict": verdicts})
        return drivers.driver_answer(slopes, words, about, verdict=verdict, because=because)

    return told


def ranks(*ranges: tuple[int, int], linked: bool = True, ranked: bool = True, **choices: str) -> Callable[[Words], str]:
    def told(words: Words) -> str:
        about = claim(words, n=len(ranges), **choices)
        table = pd.DataFrame(ranges, columns=["rank_low", "rank_high"]).assign(term=list(about.names), estimate=0.28)
        return driver_ranks.rank_sentence(table, words, about, is_linked=linked, is_ranked=ranked)

    return told


def explained(look: str) -> Callable[[Words], str]:
    r2 = {"estimate": 0.41, "ci_low": 0.39, "ci_high": 0.42, "conf_level": 0.95}
    return lambda words: drivers.explained_sentence(r2, words, claim(words, look=look))


def standing(*standings: str, **choices: str) -> Callable[[Words], str]:
    def told(words: Words) -> str:
        about = claim(words, n=len(standings), **choices)
        return driver_standing.standing_sentences(dict(zip(about.names, standings, strict=True)), words, about)

    return told


def look(name: str, n_linked: int, *firsts: int, ranked: bool = True) -> Callable[[Words], str]:
    def told(words: Words) -> str:
        about = claim(words)
        return driver_checks.look_sentence(name, study(about, n_linked, firsts, ranked=ranked), words, about)

    return told


def study(about: DriverClaim, n_linked: int = 5, firsts: tuple[int, ...] = (1,), *, ranked: bool = True, **more: float):
    n = len(about.names)
    verdicts = ["yes"] * n_linked + ["cannot_tell"] * (n - n_linked)
    lowest = [1 if number in firsts else 2 for number in range(n)]
    shares = pd.DataFrame({"term": list(about.names), "estimate": 0.2, "johnson": 0.212, "rank_low": lowest})
    slopes = pd.DataFrame({"term": list(about.names), "verdict": verdicts, "vif": more.get("vif", 1.4)})
    figures = {"common": 0.5, "r_lowest": 0.36, "r_highest": more.get("r_highest", 0.38)}
    return SimpleNamespace(shares=shares, slopes=slopes, is_ranked=ranked, **figures)


def sentence(make: Callable, **more: float) -> Callable[[Words], str]:
    return lambda words: make(study(claim(words), **more), words, claim(words))


def link(
    because: str, verdict: str, beside: str = "", x: str = "context", y: str = "motivation"
) -> Callable[[Words], str]:
    row = {"estimate": 0.04, "ci_low": 0.02, "ci_high": 0.06, "conf_level": 0.95, "verdict": beside}
    judged = {"verdict": verdict, "because": because}
    rows = {"beside": row} if beside else {}
    return lambda words: driver_links.link_answer(rows, words, claim(words), x=x, y=y, **judged)


def how(*becauses: str, has_units: bool = True) -> Callable[[Words], str]:
    return lambda words: driver_links.how_told(becauses, words, has_units=has_units)


def rule(kind: str, target: float) -> Callable[[Words], str]:
    choices = {"target": target, "share": 0.625, "kind": kind, "conf_level": 0.95}
    return lambda words: driver_standing.rule_sentence(words, claim(words), **choices)


def missing(hidden: int = 0, reserved: int = 0, unanswered: int = 0) -> Callable[[Words], str]:
    out = SimpleNamespace(total=5, hidden=hidden, reserved=reserved, unanswered=unanswered)
    return lambda words: driver_standing.left_out_sentences(out, words, counted=claim(words).counted(words))


def rows(look: str, n: int) -> Callable[[Words], str]:
    return lambda words: drivers.rows_sentence(words, claim(words, look=look), n=n, n_clusters=24)


YES, NO, UNSURE = "yes", "no", "cannot_tell"
SITUATIONS = {
    "drivers: all linked": answer("all_linked", YES, YES, YES, YES, YES, verdict="yes"),
    "drivers: all too small": answer("all_small", NO, NO, NO, NO, NO, verdict="no"),
    "drivers: some too small": answer("some_small", YES, YES, NO, UNSURE, UNSURE, verdict="no"),
    "drivers: linked or too small": answer("some_small", YES, YES, YES, YES, NO, verdict="no"),
    "drivers: some too small, none linked": answer("some_small", UNSURE, UNSURE, NO, NO, NO, verdict="no"),
    "drivers: some linked": answer("some_linked", YES, YES, YES, UNSURE, UNSURE),
    "drivers: none linked": answer("none_linked", UNSURE, UNSURE, UNSURE, UNSURE, UNSURE),
    "drivers: all linked, units": answer("all_linked", YES, YES, YES, verdict="yes", kind="themes", look="units"),
    "drivers: all too small, units": answer("all_small", NO, NO, NO, verdict="no", kind="themes", look="units"),
    "drivers: some too small, units": answer("some_small", YES, NO, NO, verdict="no", kind="themes", look="units"),
    "drivers: some linked, units": answer("some_linked", YES, UNSURE, UNSURE, kind="measures", look="units"),
    "drivers: some linked, themes": answer("some_linked", YES, YES, UNSURE, kind="themes", look="units"),
    "drivers: none linked, units": answer("none_linked", UNSURE, UNSURE, kind="themes", look="units"),
    "drivers: some linked, questions": answer("some_linked", YES, YES, YES, UNSURE, kind="questions"),
    "drivers: explained, people": explained("persons"),
    "drivers: explained, units": explained("units"),
    "drivers: ranks, first and last": ranks((1, 1), (2, 3), (2, 3), (4, 4)),
    "drivers: ranks, several first and last": ranks((1, 2), (1, 2), (3, 5), (3, 5), (3, 5)),
    "drivers: ranks, any may be first": ranks((1, 4), (1, 4), (1, 5), (1, 5), (1, 5)),
    "drivers: ranks, any may be last": ranks((1, 5), (2, 5), (2, 5), (2, 5), (2, 5)),
    "drivers: ranks, questions": ranks((1, 1), (2, 3), (2, 3), kind="questions"),
    "drivers: ranks, many questions": ranks((1, 2), (1, 2), (3, 5), (3, 5), (3, 5), kind="questions"),
    "drivers: too few to rank": ranks((1, 3), (1, 3), (1, 3), ranked=False),
    "drivers: nothing to rank": ranks((1, 3), (1, 3), (1, 3), linked=False, ranked=False),
    "drivers: rows, people": rows("persons", 11006),
    "drivers: rows, few people": rows("persons", 96),
    "drivers: rows, units": rows("units", 103),
    "drivers: links are those of the whole": lambda words: driver_standing.whole_sentence(
        words, name="Klantenservice Zakelijk & Particulier Noord", whole="Voorbeeld"
    ),
    "drivers: strengths and weaknesses": standing("keep", "improve", "enough", "wait", "unclear"),
    "drivers: strengths, one too small": standing("keep", "unclear", "small"),
    "drivers: no strength, no weakness": standing("unclear", "unclear", "wait"),
    "drivers: strengths of long names": standing("keep", "keep", "unclear", "unclear", kind="questions"),
    "drivers: long names one by one": lambda words: driver_standing.named_apart(
        {"q0": "keep", "q1": "keep", "q2": "unclear"}, words, claim(words, "questions", n=3)
    )[1],
    "drivers: rule": rule("mean", 3.5),
    "drivers: rule, rates": rule("rate", 0.625),
    "drivers: one hidden": missing(hidden=1),
    "drivers: hidden": missing(hidden=3),
    "drivers: one for each reason": missing(1, 1, 1),
    "drivers: reserved": missing(reserved=2),
    "drivers: not answered": missing(unanswered=2),
    "drivers: questions beside the whole": driver_standing.only_shown_for_measures,
    "drivers: look, all": look("units", 5, 1),
    "drivers: look, some": look("halves", 4, 1, 2),
    "drivers: look, one": look("halves", 1, 1),
    "drivers: look, none": look("changes", 0),
    "drivers: look, not ranked": look("corrected", 3, ranked=False),
    "drivers: look, missing": lambda words: driver_checks.missing_look(
        "corrected", inapplicable("No unit was measured in two periods.")(words), words
    ),
    "drivers: one mood": sentence(driver_checks.common_sentence),
    "drivers: little collinear": sentence(driver_checks.collinear_sentence),
    "drivers: much collinear": sentence(driver_checks.collinear_sentence, vif=7.2),
    "drivers: one correlation": sentence(driver_checks.collinear_sentence, r_highest=0.36),
    "drivers: Johnson": lambda words: driver_checks.johnson_sentence(study(claim(words)), words),
    "drivers: link, both": link("both", "yes"),
    "drivers: link, neither": link("both_small", "no"),
    **{f"drivers: link, {one}": link(one, "cannot_tell") for one in driver_links.FACTS if not one.startswith("both")},
    "drivers: link, much left": link("both", "yes", "yes", "promise_kept", "engagement"),
    "drivers: link, little left": link("both", "yes", "no", "valued", "engagement"),
    "drivers: link, left unclear": link("within_only", "cannot_tell", "cannot_tell", "purpose", "engagement"),
    "drivers: how links are told": how("both"),
    "drivers: how links within are told": how("both", "within_only"),
    "drivers: how links are told that part": how("between_only", "within_not_between"),
    "drivers: how links are told without units": how("within_only", has_units=False),
} | {f"drivers: {reason[:40]}": inapplicable(reason, **values) for reason, values in REASONS.items()}

PHRASES = {
    "drivers: ranks": lambda words: driver_ranks.rank_text({"rank_low": 1, "rank_high": 3}, words),
    "drivers: cell": lambda words: driver_checks.look_cell({"estimate": 0.28, "rank_low": 1, "rank_high": 1}, words),
}
