"""Several things shown below each other, as one answer of a cell."""

from __future__ import annotations


class Part(list[object]):
    """Sentences, charts and tables shown below each other; what is None shows nothing."""

    def _repr_html_(self) -> str:
        return "\n".join(shown._repr_html_() for shown in self if shown is not None)
