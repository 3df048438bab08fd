"""A small look at the targets of growth that `make validate` measures thoroughly."""

import numpy as np
import pandas as pd
import pytest
from growth_looks import SLOPE, SMALLEST, WIDE, company, designs, panel
from growth_panels import World, growth_world
from growth_tables import growth_report
from growth_targets import BY_LEVEL, CURVED, targets
from looks import simulate
from target_table import target_table

from helpers.stats.growth_study import growth_study


def looks(name, n):
    return simulate(designs(), [name], share=n / designs()[name].looks)


def test_intervals_hold_both_effects_and_no_effect_is_seldom_a_yes():
    both, none = looks("both effects, 10 clusters", 8), looks("no effect, 10 clusters", 8)
    for quantity in ("slope", "product"):
        assert both[f"{quantity}_covered"].mean() >= 0.6 and none[f"{quantity}_covered"].mean() >= 0.6
        assert none[f"{quantity}_verdict"].eq("yes").sum() <= 2
    assert both["slope"].mean() == pytest.approx(SLOPE, abs=0.1)
    assert both["product"].mean() == pytest.approx(both["product_truth"].mean(), abs=0.1)


def test_a_curve_and_slopes_that_differ_are_told_by_the_checks():
    curved = looks(CURVED, 6)
    assert curved["product_clear"].mean() > 0.4 and curved["squares_clear"].mean() <= 0.4
    assert looks(BY_LEVEL, 6)["within_clear"].mean() <= 0.4


def test_looks_say_what_growth_study_says():
    world = World(slope=0.3, product=0.1)
    found = panel(np.random.default_rng(4), world=world, **WIDE)
    made = growth_world(np.random.default_rng(4), world, **WIDE)
    study = growth_study(made, engagement="engagement", customer="nps", growth="growth", smallest_effect=SMALLEST)
    assert found["slope"] == pytest.approx(study.evidence.claimed["estimate"], rel=1e-12)
    effects = study.interaction("growth").effects.set_index("term")
    assert found["product"] == pytest.approx(effects.loc["product", "estimate"], rel=1e-12)
    assert found["product_verdict"] == study.interaction("growth").verdict.verdict


def test_every_line_of_the_table_has_its_looks_and_a_miss_its_reason():
    lines, rng = targets(), np.random.default_rng(1)
    assert {line.design for line in lines} == set(designs())
    rows = pd.DataFrame([{"design": line.design, "seconds": 1.0} for line in lines for _ in range(20)])
    for column in ("slope", "corrected", "corrected_error", "product_ratio", "reliability"):
        rows[column] = 1 + rng.normal(size=len(rows))
    for column in ("slope_covered", "product_covered", "corrected_covered", "squares_clear", "within_clear"):
        rows[column] = rng.random(len(rows)) < 0.5
    rows["slope_verdict"], rows["product_verdict"] = "yes", "cannot_tell"
    table = target_table(rows.astype({"corrected_covered": float}), lines)
    bounded = np.array([line.is_bounded for line in lines])
    assert not table.loc[bounded & table["target"].str.contains("covers"), "met"].any()
    assert all(why for why, met in zip(table["why"], table["met"], strict=True) if met is False)
    text = growth_report(table, minutes=1.0, jobs=1)
    assert "120 units in 24 clusters over 12 periods" in text and "| **no** |" in text


@pytest.mark.slow
def test_a_made_company_is_looked_at_from_answers_to_verdicts():
    for name, said in (("demo", {"yes"}), ("demo-null", {"no", "cannot_tell"})):
        found = company(np.random.default_rng(2), name=name, scale=0.3)
        assert found["slope_verdict"] in said and found["product_verdict"] in said
        assert 0 < found["reliability"] <= 1
        assert abs(found["corrected_error"]) < 0.15
