"""Why people want to leave, by shares that a source has published."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers.display.wording import Words, cautions, leave_reasons

NAN = float("nan")
REASONS = {
    "Why people want to leave was not published with these data.": {},
    "Why people want to leave is shown only where its source has published it.": {},
    "Why people of {unit} want to leave was not published.": {"unit": "Noord"},
}


def changes(*rows: tuple[str, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["term", "first", "last"])
    return frame.assign(change=frame["last"] - frame["first"])


BOTH = changes(("pay", 0.5451, 0.4848), ("career_within_service", 0.309, 0.34), ("leadership", 0.304, 0.312))
UP, DOWN = changes(("pay", 0.4, 0.5)), changes(("pay", 0.5, 0.4))
STILL, ONCE = changes(("pay", 0.5, 0.5002)), changes(("own_words", NAN, 0.4))


def first(found: pd.DataFrame) -> Callable[[Words], str]:
    return lambda words: leave_reasons.first_sentences(found, words, period="2024")


def moved(found: pd.DataFrame) -> Callable[[Words], str]:
    return lambda words: leave_reasons.change_sentences(found, words, periods=["2022", "2023", "2024"])


def median(same: int, n: int) -> Callable[[Words], str]:
    return lambda words: leave_reasons.median_sentence(same, n, words)


def figure(found: pd.DataFrame) -> Callable[[Words], str]:
    return lambda words: leave_reasons.shares_alt(found, words, period="2024")


def inapplicable(reason: str, values: dict) -> Callable[[Words], str]:
    return lambda words: cautions.not_applicable(reason, values, words)


SITUATIONS = {
    "wishes: several reasons": first(BOTH),
    "wishes: several reasons alike": first(changes(("pay", 0.4, 0.4), ("leadership", 0.3, 0.4), ("culture", 0.2, 0.2))),
    "wishes: one reason, of a dataset's own": first(ONCE),
    "wishes: rose and fell": moved(BOTH),
    "wishes: rose only": moved(UP),
    "wishes: fell only": moved(DOWN),
    "wishes: no change": moved(STILL),
    "wishes: some moved the same way": median(14, 16),
    "wishes: one moved the other way": median(0, 1),
    "wishes: all moved the same way": median(16, 16),
    "wishes: limits": leave_reasons.limits_sentences,
    "wishes: caption": lambda words: leave_reasons.shares_caption(words, name="Noord"),
    "wishes: figure": figure(BOTH),
    "wishes: figure of one": figure(UP),
} | {f"wishes: {reason[:40]}": inapplicable(reason, values) for reason, values in REASONS.items()}

PHRASES = {
    f"reason to leave: {reason}": lambda words, reason=reason: leave_reasons.reason_name(reason, words)
    for reason in leave_reasons.REASONS
}
PHRASES |= {"wishes: title of changes": leave_reasons.change_title}
