"""A dynamic panel in first differences, with older levels as instruments.

*Exogenous* x is unrelated to errors of all periods and is its own instrument. *Predetermined* x may answer to errors of
earlier periods: its levels from the period before on are the instruments.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.gmm import GmmProblem, gmm_problem
from helpers.stats.own_past import own_columns
from helpers.stats.panels import add_lags, lag_column

KINDS_OF_X = ("predetermined", "exogenous")
# First periods back whose levels are unrelated to the change of the error.
FIRST_OF_Y, FIRST_OF_X = 2, 1
PERIOD, LEVEL = "period ", "level back "


@dataclass(frozen=True)
class Design:
    """What stands in the regression: lags of x, own lags of y, exogenous controls; and how it is instrumented.

    `x_is` is one of `KINDS_OF_X`; `depth` the number of periods whose levels serve beside those that the lags of the
    model take (None for all); `collapse`: one instrument stands for all periods; `centre`: levels are taken from the
    mean of their period.
    """

    x: str
    y: str
    lags: tuple[int, ...]
    own_lags: int
    controls: tuple[str, ...]
    x_is: str
    depth: int | None
    collapse: bool
    centre: bool

    def __post_init__(self) -> None:
        if self.x_is not in KINDS_OF_X:
            raise ValueError(f"x_is must be one of {', '.join(KINDS_OF_X)}; found {self.x_is!r}.")
        if self.depth is not None and self.depth < 1:
            raise ValueError(f"depth must be 1 or more; found {self.depth}. For all periods, use None.")

    @property
    def x_columns(self) -> list[str]:
        """Lags of x."""
        return [lag_column(self.x, lag) for lag in self.lags]

    @property
    def columns(self) -> list[str]:
        """All regressors but the periods."""
        return [*own_columns(self.y, self.own_lags), *self.x_columns, *self.controls]

    def back(self, span: int) -> dict[str, range]:
        """Columns whose levels are instruments, with the periods back; `span` is the longest that the panel has."""
        first = {self.y: (FIRST_OF_Y, self.own_lags - 1)}
        if self.x_is == "predetermined":
            first[self.x] = (FIRST_OF_X, max(self.lags))
        depth = span if self.depth is None else self.depth
        return {name: range(start, min(span, start + more + depth - 1) + 1) for name, (start, more) in first.items()}

    @property
    def own_instruments(self) -> list[str]:
        """Regressors that are their own instruments."""
        return [*([] if self.x_is == "predetermined" else self.x_columns), *self.controls]


def differences(panel: pd.DataFrame, design: Design) -> pd.DataFrame:
    """
    Changes on the calendar period before of y and all regressors.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, x, y and controls.
    design : Design

    Returns
    -------
    DataFrame, shape (n complete, ...)
        Sorted by entity and time, index 0, 1, …; older levels in columns ``level back 2 <column>``, ….
        A period with a single row is left out: its effect would take the row whole.
    """
    panel = panel.reset_index(drop=True)
    table = add_lags(panel, [design.y], range(1, design.own_lags + 1))
    table = add_lags(table, [design.x], design.lags)
    levels = [design.y, *design.columns]
    before = add_lags(table, levels, [1])[[lag_column(name, 1) for name in levels]].to_numpy(float)
    found = panel[["entity", "time"]].assign(**_old_levels(panel, design))
    found = found.assign(**dict(zip(levels, (table[levels].to_numpy(float) - before).T, strict=True)))
    found = found.dropna(subset=levels)
    alone = found.groupby("time")["time"].transform("size") == 1
    return found[~alone].sort_values(["entity", "time"], ignore_index=True)


def difference_problem(changes: pd.DataFrame, design: Design) -> GmmProblem:
    """
    Regression of the changes with period effects, instrumented as the design says.

    Parameters
    ----------
    changes : DataFrame
        Of `differences`.
    design : Design

    Returns
    -------
    GmmProblem

    Raises
    ------
    NotApplicable
        When the instruments cannot tell the effects apart.
    """
    periods = pd.get_dummies(changes["time"], prefix=PERIOD, prefix_sep="").astype(float)
    old = changes[[name for name in changes if name.startswith(LEVEL)]].fillna(0.0).to_numpy(float)
    if not design.collapse:
        old = (old[:, :, None] * periods.to_numpy()[:, None, :]).reshape(len(old), -1)
    return gmm_problem(
        changes[design.y].to_numpy(float),
        changes[design.columns].join(periods),
        np.hstack([old, changes[design.own_instruments].to_numpy(float), periods.to_numpy()]),
        unit=pd.factorize(changes["entity"])[0],
        time=changes["time"].to_numpy("int64"),
    )


def _old_levels(panel: pd.DataFrame, design: Design) -> dict[str, pd.Series]:
    """Levels of earlier periods, NaN where there are none."""
    span = int(panel["time"].max() - panel["time"].min()) if len(panel) else 0
    levels = {}
    for column, back in design.back(span).items():
        means = panel.groupby("time")[column].transform("mean") if design.centre else 0.0
        lagged = add_lags(panel.assign(**{column: panel[column] - means}), [column], back)
        levels |= {f"{LEVEL}{lag} {column}": lagged[lag_column(column, lag)] for lag in back}
    return levels
