"""A *finding*: a file of finished reports that breaks a rule of docs/privacy.md, told without what it gave away."""

from __future__ import annotations

from dataclasses import dataclass

# The rules that files alone can break, by their numbers in docs/privacy.md.
RULES = {
    1: "Small groups stay hidden",
    2: "No subtraction",
    4: "One decision for all",
    6: "No unanimous groups",
    10: "Nothing of the machinery leaves",
    11: "Reports are inert",
    12: "Spreadsheets are inert",
    13: "Files stay in their folder",
    14: "In doubt, nothing",
}
# Enough to find a place again, too little to pass on what stands there.
MAX_SHOWN = 24


@dataclass(frozen=True)
class Finding:
    """One broken rule.

    Parameters
    ----------
    file : str
        Path below the folder audited.
    rule : int
        A key of `RULES`.
    found : str
    way_out : str
        One sentence.
    """

    file: str
    rule: int
    found: str
    way_out: str

    def __str__(self) -> str:
        text = f"{self.file}: rule {self.rule}, {RULES[self.rule]}: found {self.found}. {self.way_out}"
        # Names come from files, and a terminal obeys control characters.
        return "".join(sign if sign.isprintable() else "�" for sign in text)


def hint(text: str, most: int = MAX_SHOWN) -> str:
    """Quote the beginning of a text, for whoever looks for it.

    Parameters
    ----------
    text : str
    most : int
        Characters shown.
    """
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= most else f"{flat[:most]}…")
