"""All pages on answers to questions of a small company, subtracted from each other: nobody learns of a few people."""

from __future__ import annotations

from contextlib import suppress

import pytest

from helpers.datasets.answer_frames import answers_of
from helpers.datasets.dataset import open_dataset
from helpers.datasets.demo import load_truth, make_demo
from helpers.datasets.question_shares import question_scores, question_shares
from helpers.stats.estimates import NotApplicable

# Enough to be quick: each page is made for each of 393 units.
QUESTIONS = 4


@pytest.mark.slow
@pytest.mark.parametrize("wave", [-1, -3])
def test_no_mean_or_shares_of_one_page_less_those_of_others_are_those_of_few(tmp_path, wave):
    make_demo(tmp_path / "demo", load_truth("demo"), scale=0.06)
    data = open_dataset(tmp_path / "demo")
    tree = data.hierarchy
    items = data.table("items")["item_id"].tolist()[:QUESTIONS]
    everybody = answers_of(data, "employees", tree.root, items)
    period = everybody.periods[wave]
    answered = everybody.at(period).frame.set_index("unit_id")[items].notna()
    known = {item: set() for item in items}
    for unit in tree.subtree(tree.root):
        for make in (question_shares, question_scores):
            with suppress(NotApplicable):
                made = make(data, unit, items, period=period)
                frame = getattr(made, "table", made).frame
                for item in frame.loc[frame["released"], "measure"]:
                    known[item].add(unit)

    def topmost(unit, told):
        return [one for child in tree.children(unit) for one in ([child] if child in told else topmost(child, told))]

    n = {unit: answered[answered.index.isin(tree.subtree(unit))].sum() for unit in tree.subtree(tree.root)}
    left = {
        (unit, item): n[unit][item] - sum(n[one][item] for one in topmost(unit, told))
        for item, told in known.items()
        for unit in told
    }
    assert len(left) > 100
    assert {place: count for place, count in left.items() if 0 < count < 10} == {}
