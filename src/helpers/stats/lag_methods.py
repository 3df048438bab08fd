"""The claim of a lag by other methods than the headline: what each says, and whether it can be relied on here.

================  ==========================================================================================
method            what it is
================  ==========================================================================================
search            the lag claimed among all lags, corrected for the search (`lag_search`, together)
projections       y so many periods after a rise, one regression per delay (`local_projections`); a neighbour
granger           does x precede y in any unit (`panel_granger`); a test, without size or side; a neighbour
one_step          difference GMM with y's own past, the whole response (`dynamic_panel`)
two_step          the same, weighted by the spread of the first step
half_panel        y's own past, and the pull of a short panel taken away (`half_panel`)
cross_lagged      both ways at once, beside lasting levels (`cross_lagged`); for many units in few periods
corrected         the headline corrected for sampling errors of x (`errors_in_variables`)
response_rate     the headline with the response rate beside it (`lag_variants`)
redesign          the headline with a new questionnaire kept apart (`lag_variants`)
curve             the median of all specifications, by permutation (`specification_curve`); a test
================  ==========================================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import pandas as pd

from helpers.stats.claim_answers import agreement, beside, effect_answer
from helpers.stats.cross_lagged import cross_lagged
from helpers.stats.cross_section_dependence import cross_section_dependence
from helpers.stats.dynamic_panel import dynamic_panel
from helpers.stats.errors_in_variables import corrected_lag
from helpers.stats.estimates import NotApplicable, tried, unless_reason
from helpers.stats.half_panel import half_panel
from helpers.stats.lag_evidence import LagEvidence, lag_evidence
from helpers.stats.lag_method_rows import OWN_PAST, full_table, method_row
from helpers.stats.lag_profile import in_sd, lag_profile, lag_row
from helpers.stats.lag_search import lag_search
from helpers.stats.lag_variants import lag_variants
from helpers.stats.local_projections import local_projections
from helpers.stats.panel_granger import panel_granger
from helpers.stats.specification_curve import curve_test, specification_curve

METHODS = (
    *("search", "projections", "granger", "one_step", "two_step", "half_panel"),
    *("cross_lagged", "corrected", "response_rate", "redesign", "curve"),
)
# They answer a neighbouring question, and are shown without being set beside the headline: the course after a rise with
# all that x does later in it, and whether x precedes y at any lag, in any unit, on either side.
NEIGHBOURS = ("projections", "granger")
NEIGHBOUR = "neighbour"
DEFAULT_DRAWS = 1_999


@dataclass(frozen=True)
class LagMethods:
    """The headline's evidence, one row per method, what each answered in full, and whether they agree.

    `answers` has one row per `METHODS`: that of `lag_method_rows.method_row`, with ``beside`` (`claim_answers`, or
    `NEIGHBOUR`; empty for what does not apply). `found` holds their tables, and ``dependence``, ``profile`` (the whole
    curve), ``reverse_granger``; `restricted` the headline's row on the rows of a method that can use fewer of them;
    `agreement` is that of `claim_answers`.
    """

    evidence: LagEvidence
    headline_answer: str
    answers: pd.DataFrame
    found: dict[str, object]
    restricted: dict[str, dict[str, object]]
    agreement: str

    def table(self, name: str) -> pd.DataFrame:
        """Give the table of a method.

        Raises
        ------
        NotApplicable
            When the method does not apply to these data.
        """
        return full_table(unless_reason(self.found[name]))

    @property
    def relied_on(self) -> pd.DataFrame:
        """Rows of `answers` that apply without doubt and answer this very question."""
        return self.answers[is_counted(self.answers)]


def lag_methods(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    lag: int,
    max_lag: int,
    smallest_effect: float,
    unit: str = "sd",
    sign: int = 1,
    redesign: int | None = None,
    rng: np.random.Generator,
    n_draws: int = DEFAULT_DRAWS,
    conf_level: float = 0.95,
) -> LagMethods:
    """
    Test a claimed lag by every method that applies, and set each beside the headline.

    Parameters
    ----------
    panel : DataFrame, one row per entity and time
        As for `lag_study.lag_study`; where known the numbers of answers in ``<y>_n`` and ``<x>_n``.
    x, y, lag, max_lag, smallest_effect, unit, sign, redesign, rng, n_draws, conf_level
        As for `lag_study.lag_study`.

    Returns
    -------
    LagMethods

    Raises
    ------
    NotApplicable
        When the panel bears no lag profile at all.
    """
    judged = {"smallest_effect": smallest_effect, "unit": unit, "sign": sign}
    model, level = {"x": x, "y": y}, {"conf_level": conf_level}
    evidence = lag_evidence(panel, **model, lag=lag, max_lag=max_lag, **judged, **level)
    model["lags"] = evidence.forward.attrs["lags"]
    around = {"redesign": redesign, "sign": sign, "rng": rng, "n_draws": n_draws}
    found = {name: tried(way) for name, way in _ways(panel, model, lag, level, around).items()}
    headline_answer = effect_answer(evidence.claimed, **judged)
    told = {"lag": lag, "ratio": evidence.forward.attrs["sd_ratio"], "judged": judged} | level
    rows = [method_row(name, found[name], evidence.claimed, **told) for name in METHODS]
    for row in rows:
        row["beside"] = _beside(row, headline_answer, evidence)
    answers = pd.DataFrame(rows)
    counted = answers[is_counted(answers)]
    restricted = {name: _restricted(panel, found[name], evidence, lag) for name in OWN_PAST}
    restricted = {name: row for name, row in restricted.items() if row}
    return LagMethods(evidence, headline_answer, answers, found, restricted, agreement(counted["beside"]))


def is_counted(answers: pd.DataFrame) -> pd.Series:
    """Which rows apply without doubt and answer the question of the headline."""
    return (answers["reason"] == "") & (answers["doubt"] == "") & (answers["beside"] != NEIGHBOUR)


def _beside(row: dict[str, object], headline_answer: str, evidence: LagEvidence) -> str:
    if row["reason"]:
        return ""
    if row["method"] in NEIGHBOURS:
        return NEIGHBOUR
    return beside(row["answer"], row, headline_answer, evidence.claimed)


def _ways(
    panel: pd.DataFrame, model: dict[str, object], lag: int, level: dict[str, float], around: dict[str, object]
) -> dict[str, Callable[[], object]]:
    """How each method is asked; those that draw take their turns in this order."""
    drawn = {name: around[name] for name in ("rng", "n_draws")}
    pair = {name: model[name] for name in ("x", "y")}
    turned = {"x": model["y"], "y": model["x"]}
    claim = model | {"lag": lag}
    variants = cache(lambda: lag_variants(panel, redesign=around["redesign"], **claim, **level))
    curve = claim | {"n": _answers_known(panel, model["y"], model["x"])} | level
    return {
        "search": lambda: lag_search(panel, **model, **drawn, **level),
        "projections": lambda: local_projections(panel, **pair, max_horizon=lag, **level),
        "granger": lambda: panel_granger(panel, order=_delay(lag), **pair, **drawn),
        "reverse_granger": lambda: panel_granger(panel, order=_delay(lag), **turned, **drawn),
        "one_step": lambda: dynamic_panel(panel, **_claimed(model, lag), **level),
        "two_step": lambda: dynamic_panel(panel, **_claimed(model, lag), steps=2, **level),
        "half_panel": lambda: half_panel(panel, **_claimed(model, lag), **level),
        "cross_lagged": lambda: cross_lagged(panel, lag=_delay(lag), **pair, **level),
        "corrected": lambda: corrected_lag(panel, **claim, **level),
        "response_rate": lambda: _variant(variants(), "response_rate"),
        "redesign": lambda: _variant(variants(), "redesign"),
        "curve": lambda: curve_test(panel, **curve, **drawn, sign=around["sign"]),
        "profile": lambda: specification_curve(panel, **curve),
        "dependence": lambda: cross_section_dependence(panel, **model),
    }


def _claimed(model: dict[str, object], lag: int) -> dict[str, object]:
    """The headline's lags where the claimed one is among them; others have to be asked for it."""
    return model if lag in model["lags"] else model | {"lags": range(lag + 1)}


def _delay(lag: int) -> int:
    if lag < 1:
        raise NotApplicable("A claim without delay cannot be tested by what came before.")
    return lag


def _variant(table: pd.DataFrame, variant: str) -> pd.DataFrame:
    row = table[table["variant"] == variant]
    if row["estimate"].isna().all():
        raise NotApplicable.again(row["reason"].iloc[0], row["reason_values"].iloc[0])
    return row


def _answers_known(panel: pd.DataFrame, *measures: str) -> str | None:
    """Column with the answers behind the figures, the first that holds any."""
    columns = (f"{measure}_n" for measure in measures)
    return next((column for column in columns if column in panel and panel[column].notna().any()), None)


def _restricted(panel: pd.DataFrame, found: object, evidence: LagEvidence, lag: int) -> dict[str, object]:
    """The headline on the rows that a method uses; empty where it uses all of them."""
    about = evidence.forward.attrs
    if isinstance(found, NotApplicable):
        return {}
    x, y = about["x"], about["y"]
    used = pd.MultiIndex.from_tuples(full_table(found).attrs["rows"])
    is_used = pd.MultiIndex.from_frame(panel[["entity", "time"]]).isin(used)
    profile = tried(
        partial(lag_profile, panel.assign(**{y: panel[y].where(is_used)}), x=x, y=y, lags=about["lags"], lead=False)
    )
    if isinstance(profile, NotApplicable):
        return {}
    row = lag_row(in_sd(profile, about["sd_ratio"]), lag)
    return {} if row["n"] == evidence.claimed.get("n") else row
