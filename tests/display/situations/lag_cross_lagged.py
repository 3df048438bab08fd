"""Why the cross-lagged model says nothing."""

from __future__ import annotations

from collections.abc import Callable

from helpers.display.wording import Words
from situations.general import inapplicable

XY = {"x": "enps", "y": "nps"}
REASONS: dict[str, dict[str, object]] = {
    "A cross-lagged model at lag {lag} needs {needed} waves of {x} and {y}; found {found}.": {
        **XY,
        **{"lag": 2, "needed": 4, "found": 3},
    },
    "A cross-lagged model needs waves in a row; in {missing} of {n_periods} periods no unit has both {x} and {y}.": {
        **{"x": "teacher_climate", "y": "student_climate"},
        **{"missing": 2, "n_periods": 8},
    },
    "A cross-lagged model of {n_waves} waves needs {needed} units with {x} and {y} in all of them; found {found}.": {
        **XY,
        **{"n_waves": 14, "needed": 140, "found": 24},
    },
    "A cross-lagged model needs {x} and {y} that move from wave to wave, and apart from each other.": XY,
    "The cross-lagged model fails here: lasting differences in {column} get a variance below zero.": {"column": "nps"},
    "The cross-lagged model fails here: lasting {x} and lasting {y} get a correlation beyond one.": XY,
    "The cross-lagged model of {x} and {y} finds no possible solution.": XY,
    "The cross-lagged model hangs on few units: without some of them it finds no solution.": {},
}

SITUATIONS: dict[str, Callable[[Words], str]] = {
    f"cross-lagged model does not apply: {reason}": inapplicable(reason, **values) for reason, values in REASONS.items()
}
