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
from helpers.stats.action_study import ActionStudy, action_study, no_study
from helpers.stats.estimates import NotApplicable, tried
from helpers.stats.interrupted_series import SIMILAR, interrupted_series, jumps_elsewhere


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
    """What came of actions: `panel` and `series` are missing, for a reason, where nothing can be followed."""

    panel: ActionPanel | NotApplicable
    study: ActionStudy
    one: Series | NotApplicable

    @property
    def series(self) -> Series:
        """The series of one unit.

        Raises
        ------
        NotApplicable
            Where there is none.
        """
        if isinstance(self.one, NotApplicable):
            raise self.one
        return self.one

    @property
    def scale(self) -> tuple[float, float] | None:
        """Lowest and highest answer, None where figures are told in standard deviations."""
        return None if isinstance(self.panel, NotApplicable) else self.panel.scale

    @property
    def left_out(self) -> dict[str, int]:
        """Actions that could not be followed, by reason; empty where none could."""
        return {} if isinstance(self.panel, NotApplicable) else self.panel.left_out


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
        return FollowUp(panel, no_study(panel), panel)
    judged = {"waves": waves, "smallest_effect": panel.smallest_effect, "conf_level": conf_level}
    study = action_study(panel.frame, rng=rng, **judged)
    shown = {"conf_level": conf_level, "audience": audience}
    return FollowUp(panel, study, tried(partial(_series, dataset, listed, panel.frame, **shown)))


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
