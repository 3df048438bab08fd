"""Why another method says nothing about a lag claim."""

from __future__ import annotations

from collections.abc import Callable

from helpers.display.wording import Words
from situations.general import inapplicable

REASONS: dict[str, dict[str, object]] = {
    "{n_instruments} instruments cannot tell {n_parameters} effects apart.": {"n_instruments": 7, "n_parameters": 8},
    "The model leaves nothing unexplained, so its errors cannot be told.": {},
    "Weighing {n_instruments} instruments by their spread needs more units than {n_units}.": {
        "n_instruments": 24,
        "n_units": 20,
    },
    "Halving the panel needs {needed} usable periods for most units; {found} of {n_units} units have them.": {
        "needed": 8,
        "found": 3,
        "n_units": 20,
    },
    "Comparing units over time needs two units seen together in {needed} periods.": {"needed": 3},
}

SITUATIONS: dict[str, Callable[[Words], str]] = {
    f"lag checks: {reason[:40]}": inapplicable(reason, **values) for reason, values in REASONS.items()
}
