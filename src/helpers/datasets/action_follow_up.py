"""Follow planned actions: their panel, the study of it, and one series to look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from helpers.datasets.action_list import longest_series, series_scores
from helpers.datasets.action_panel import ActionPanel, action_panel
from helpers.datasets.dataset import Dataset
from helpers.datasets.marking import LEADERS
from helpers.datasets.periods import period_name
from helpers.release import ReleasedTable
from helpers.stats.action_cells import not_followed
from helpers.stats.action_study import ActionStudy, action_study, no_study
from helpers.stats.estimates import NotApplicable, ToldAbove, tried, unless_reason
from helpers.stats.interrupted_series import SIMILAR, interrupted_series, jumps_elsewhere

SAID_ABOVE = ToldAbove("Cannot tell, for the reason given in the answer.")


@dataclass(frozen=True)
class Series:
    """One unit before and after its action.

    `figures` holds ``name``, ``unit_id``, ``measure``, ``period`` (the first that can show the action), the jump with
    ``estimate``, ``ci_low``, ``ci_high``, ``conf_level``, ``n_waves``, and what
    `stats.interrupted_series.jumps_elsewhere` gives.
    """

    figures: dict[str, object]
    scores: ReleasedTable


@dataclass(frozen=True)
class FollowUp:
    """What came of actions.

    Parameters
    ----------
    panel : ActionPanel or NotApplicable
    study : ActionStudy
    one : Series or NotApplicable
    obstacle : NotApplicable or None
        Why nothing is answered. The answer says it; all else that rests on the study says `SAID_ABOVE`.
    n_planned : int
    left_out : dict of str to int
        Actions that the answer does not rest on, by reason of `action_panel.REASONS` or of
        `stats.action_cells.NOT_FOLLOWED`. Where there is no panel they are not counted: the obstacle holds for all.
    """

    panel: ActionPanel | NotApplicable
    study: ActionStudy
    one: Series | NotApplicable
    obstacle: NotApplicable | None
    n_planned: int
    left_out: dict[str, int]

    @property
    def series(self) -> Series:
        """The series of one unit.

        Raises
        ------
        NotApplicable
            Where there is none.
        """
        return unless_reason(self.one)

    @property
    def scale(self) -> tuple[float, float] | None:
        """Lowest and highest answer, None where figures are told in standard deviations."""
        return None if isinstance(self.panel, NotApplicable) else self.panel.scale


def follow_up(
    dataset: Dataset,
    actions: pd.DataFrame,
    listed: pd.DataFrame,
    *,
    rng: np.random.Generator,
    waves: int = 3,
    level: str = "",
    below: str = "",
    conf_level: float = 0.95,
    audience: str = LEADERS,
) -> FollowUp:
    """Follow planned actions.

    Parameters
    ----------
    dataset : Dataset
    actions : DataFrame
        Answer of `action_plans.action_plans`.
    listed : DataFrame
        Answer of `action_list.listed_actions`, from which the one series is taken.
    rng : Generator
    waves : int
        How many waves count, from the first that can show an action.
    level, below : str
        As for `action_panel.action_panel`.
    conf_level : float
    audience : {"leaders", "manager", "hr"}

    Returns
    -------
    FollowUp
    """
    panel = tried(partial(action_panel, dataset, actions, level=level, below=below))
    if isinstance(panel, NotApplicable):
        return FollowUp(panel, no_study(SAID_ABOVE), SAID_ABOVE, panel, len(actions), {})
    judged = {"waves": waves, "smallest_effect": panel.smallest_effect, "conf_level": conf_level}
    study = action_study(panel.frame, rng=rng, **judged)
    whole = tried(partial(study.table, "all"))
    obstacle = whole if isinstance(whole, NotApplicable) else None
    shown = {"conf_level": conf_level, "audience": audience}
    return FollowUp(
        panel,
        no_study(SAID_ABOVE) if obstacle else study,
        tried(partial(_series, dataset, listed, panel.frame, **shown)),
        obstacle,
        len(actions),
        panel.left_out | not_followed(panel.frame, waves=waves),
    )


def _series(dataset: Dataset, listed: pd.DataFrame, frame: pd.DataFrame, *, conf_level: float, audience: str) -> Series:
    chosen = longest_series(listed, frame)
    cell = {name: chosen[name] for name in ("stratum", "entity", "first")}
    own = frame[(frame["stratum"] == cell["stratum"]) & (frame["entity"] == cell["entity"])]
    table = interrupted_series(own, first=cell["first"], conf_level=conf_level).set_index("term")
    figures = table.loc["jump", ["estimate", "ci_low", "ci_high", "conf_level"]].to_dict()
    figures |= {"name": chosen["name"], "unit_id": cell["entity"], "measure": cell["stratum"], "n_similar": SIMILAR}
    figures |= {"n_waves": len(own), "period": period_name(cell["first"], dataset.settings.periods_per_year)}
    scores = series_scores(
        dataset, unit=cell["entity"], measure=cell["stratum"], conf_level=conf_level, audience=audience
    )
    return Series(figures | jumps_elsewhere(frame, **cell), scores)
