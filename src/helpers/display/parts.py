"""Parts of a page that stand or fall by themselves: what each shows, or the sentence that says why it cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from helpers.display.wording import Words, cautions
from helpers.display.wording.paragraph import Pointer, paragraph
from helpers.display.wording.verdicts import lead_in


class Part(list[object]):
    """Sentences, charts and tables shown below each other; what is None shows nothing."""

    def _repr_html_(self) -> str:
        return "\n".join(shown._repr_html_() for shown in self if shown is not None)


def attempt(
    words: Words,
    make: Callable[[], Part],
    *,
    told: Sequence[object] = (),
    beside: Sequence[object] = (),
    is_answer: bool = False,
) -> Part:
    """Make a part of a page, or say in one sentence why it does not apply; the rest of the page goes on.

    Parameters
    ----------
    words : Words
    make : callable
        Makes the part, as in ``lambda: Part([answer, chart])``.
    told, beside : sequence of object
        What was found, or the `NotApplicable` in its place, whose reason stands under another heading above, or just
        above this part: it is not told again, but pointed to, or left at that.
    is_answer : bool
        Whether the part answers a question with yes, no or cannot tell: the last comes before the reason.

    Returns
    -------
    Part
    """
    # Imported here because it loads scipy, and words are to be light.
    from helpers.stats.estimates import NotApplicable, ToldAbove

    try:
        return make()
    except NotApplicable as problem:
        if str(problem) in _reasons(beside):
            return Part()
        if str(problem) in _reasons(told):
            return Part([cautions.reason_above(words)])
        reason = cautions.not_applicable(problem.reason, problem.values, words)
        if isinstance(problem, ToldAbove):
            return Part([Pointer(reason)])
        return Part([paragraph(lead_in("cannot_tell", words), reason) if is_answer else reason])


def _reasons(found: Sequence[object]) -> list[str]:
    return [str(one) for one in found if isinstance(one, Exception)]
