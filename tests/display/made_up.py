"""Made-up released tables and estimates for the tests of what is shown."""

from __future__ import annotations

import pandas as pd

from helpers.release import Mask, ReleasedTable, release
from helpers.release.mask import GROUP, KEYS

HOSTILE = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}} ${7*7} $x^2$")
UNITS = pd.DataFrame(
    {
        "unit_id": ["all", "north", "south", "tiny", "evil"],
        "name": ["Voorbeeld", "Klantenservice Zakelijk & Particulier Noord", "Zuid", "Klein", HOSTILE[1]],
        "parent_id": ["", "all", "all", "all", "all"],
        "level": ["organisation", "country", "country", "country", "country"],
    }
)
KINDS = {"enps": "nps", "nps": "nps", "response_rate": "rate", "profit": "value"}
GATE = {"min_group": 10, "disclosure": "gate"}
PUBLISHED = {"min_group": 10, "disclosure": "published"}


def score(
    unit_id: str = "north",
    period: str = "2024",
    measure: str = "enps",
    estimate: float = 12.0,
    *,
    half: float = 8.0,
    change: float = float("nan"),
    change_half: float = float("nan"),
    n: float = 240,
) -> dict[str, object]:
    """One score with its interval and its change, by their half-widths."""
    return {
        "unit_id": unit_id,
        "period": period,
        "measure": measure,
        "kind": KINDS.get(measure, "mean"),
        "estimate": estimate,
        "n": n,
        "se": half / 1.96,
        "ci_low": estimate - half,
        "ci_high": estimate + half,
        "conf_level": 0.95,
        "change": change,
        "change_low": change - change_half,
        "change_high": change + change_half,
        "n_previous": n,
    }


def released(*rows: dict[str, object], units: pd.DataFrame = UNITS, **rules: object) -> ReleasedTable:
    """Pass scores through the gate."""
    return passed(pd.DataFrame(list(rows)), units, **(rules or GATE))


def passed(scores: pd.DataFrame, units: pd.DataFrame, **rules: object) -> ReleasedTable:
    """Pass scores through the gate, each group on its own: what is made up here adds up to no whole."""
    scores = scores.assign(family=scores["measure"])
    small = scores["n"] < rules["min_group"]
    mask = scores[KEYS].assign(hidden_by=small.map({True: GROUP, False: ""})).drop_duplicates(KEYS)
    # What a change is told against was shown, too.
    mask = pd.concat([mask[KEYS].assign(period="0000", hidden_by="").drop_duplicates(), mask], ignore_index=True)
    return release(scores, units, **rules, mask=Mask(mask, rules["min_group"]))


def gap(
    outcome: str = "profit",
    estimate: float = 19,
    low: float = 12,
    high: float = 26,
    *,
    scale: str = "percent",
    reason: str = "",
) -> dict[str, object]:
    """One gap between quarters."""
    return {
        "term": f"{outcome} {scale}",
        "outcome": outcome,
        "scale": scale,
        "estimate": estimate,
        "se": (high - low) / 3.92,
        "ci_low": low,
        "ci_high": high,
        "conf_level": 0.95,
        "n": 300,
        "n_clusters": 60,
        "reason": reason,
    }


def effect(
    lag: int = 2, estimate: float = 0.4, low: float = 0.21, high: float = 0.59, *, ratio: float = 1.5
) -> dict[str, object]:
    """One effect of a lag profile, in points and in standard deviations."""
    row = {"estimate": estimate, "ci_low": low, "ci_high": high, "se": (high - low) / 3.92, "least_detectable": 0.2}
    return {
        "term": f"lag {lag}" if lag >= 0 else f"lead {-lag}",
        "lag": lag,
        "model": "headline" if lag >= 0 else "placebo",
        **row,
        **{f"{column}_sd": value * ratio for column, value in row.items()},
        "conf_level": 0.95,
        "n": 264,
        "n_clusters": 24,
    }


def not_estimated(row: dict[str, object]) -> dict[str, object]:
    """The same row without its figures."""
    figures = ("estimate", "se", "ci_low", "ci_high", "least_detectable")
    return {key: float("nan") if key.removesuffix("_sd") in figures else value for key, value in row.items()}
