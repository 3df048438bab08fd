"""Reasons why a search over lags, a panel Granger test or a specification curve cannot be made."""

from __future__ import annotations

from collections.abc import Callable

from helpers.display.wording import Words
from situations.general import inapplicable

REASONS: dict[str, dict[str, object]] = {
    "Searching needs {needed} lags; these data bear {found}.": {"needed": 2, "found": 1},
}
SITUATIONS: dict[str, Callable[[Words], str]] = {
    f"lag checks do not apply: {reason}": inapplicable(reason, **values) for reason, values in REASONS.items()
}
