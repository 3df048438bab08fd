"""The part of the page on drivers that tells of links between what people say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from helpers.display.driver_parts import Verdict
from helpers.display.forest_chart import forest_chart
from helpers.display.parts import Part
from helpers.display.wording import Words, cautions, driver_links, plain
from helpers.display.wording.drivers import DriverClaim


class Link(Protocol):
    """What `helpers.stats.construct_links` answers with."""

    x: str
    y: str
    slopes: pd.DataFrame
    reasons: Mapping[str, Exception]
    verdict: Verdict


def links_part(links: Sequence[Link], words: Words, claim: DriverClaim) -> Part:
    """Answer for each link whether it is there, with all slopes in one chart.

    Parameters
    ----------
    links : sequence of Link
    words : Words
    claim : DriverClaim

    Returns
    -------
    Part
    """
    answers = []
    for link in links:
        rows = {row["term"]: row for row in link.slopes.to_dict("records")}
        judged = {"verdict": link.verdict.verdict, "because": link.verdict.because}
        answers.append(driver_links.link_answer(rows, words, claim, x=link.x, y=link.y, **judged))
        reasons = [cautions.not_applicable(one.reason, one.values, words) for one in link.reasons.values()]
        answers += [reason for reason in reasons if reason not in answers]
    slopes = pd.concat([driver_links.link_rows(link.slopes, words, x=link.x, y=link.y) for link in links])
    between = slopes["level"] == "between"
    becauses = [link.verdict.because for link in links]
    answers.append(driver_links.how_told(becauses, words, has_units=bool(between.any())))
    charts = [
        forest_chart(rows.assign(n=np.nan), words, quantity=plain(words.text(driver_links.QUANTITIES[name])))
        for name, rows in {"people": slopes[~between], "units": slopes[between]}.items()
        if len(rows)
    ]
    return Part([*answers, *charts])
