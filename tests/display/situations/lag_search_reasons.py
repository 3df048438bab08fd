"""Reasons why a search over lags, a panel Granger test or a specification curve cannot be made."""

from __future__ import annotations

from collections.abc import Callable

from helpers.display.wording import Words
from situations.general import inapplicable

REASONS: dict[str, dict[str, object]] = {
    "Searching needs {needed} lags; these data bear {found}.": {"needed": 2, "found": 1},
    "A Granger test needs {needed} units with over {periods} periods of {x} and {y} that vary; found {found}.": {
        **{"needed": 5, "periods": 11, "x": "enps", "y": "nps", "found": 3}
    },
    "No specification of the curve can be estimated.": {},
}
SITUATIONS: dict[str, Callable[[Words], str]] = {
    f"lag checks do not apply: {reason}": inapplicable(reason, **values) for reason, values in REASONS.items()
}
