"""Words, tables and charts of the meta-analysis agree with the estimators behind them."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from situations.meta import BARE, ROW, VERDICTS

from helpers.display import meta_parts, meta_tables, plots
from helpers.display.wording import Words, meta_answers, meta_checks, meta_measured
from helpers.stats import meta_checks as checks
from helpers.stats import meta_variants, meta_verdict
from helpers.stats.bare_bones import CRED_LEVEL
from helpers.stats.expectancy import expectancy, quarter_table
from helpers.stats.meta_sensitivity import small_study_effect
from helpers.stats.meta_study import meta_study

RESULT = Path(__file__).parents[1] / "reference" / "meta_analysis" / "result.csv"
EN = Words("en")


def studies(k=30, seed=1):
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame({"study": [f"s{number}" for number in range(k)], "r": rng.normal(0.2, 0.1, k), "n": 80})
    return rows.assign(outcome="profit", rxx=0.7, ryy=1.0, name=[f"<b>{number}" for number in range(k)])


def text(shown):
    return "".join(part._repr_html_() for part in shown if part is not None)


def test_shares_told_of_simulated_intervals_are_those_of_the_simulation():
    table = pd.read_csv(RESULT)
    table = table[(table["method"] == "individual") & (table["n"] == meta_checks.COVER_UNITS)].set_index("sd_rho")
    assert {sd: round(table.loc[sd, "covered"] / 100, 2) for sd in meta_checks.COVER} == meta_checks.COVER
    assert meta_checks.COVER_LEVEL == CRED_LEVEL


def test_few_means_the_same_in_words_as_in_the_verdict():
    assert meta_answers.FEW_STUDIES == meta_verdict.FEW_STUDIES
    assert meta_answers.FEWEST_STUDIES == meta_verdict.FEWEST_STUDIES
    assert meta_answers.ON_AVERAGE == meta_verdict.ON_AVERAGE


def test_every_variant_third_and_reason_has_words():
    assert set(meta_checks.VARIANTS) == set(meta_variants.VARIANTS)
    assert set(meta_checks.SIZES) == set(checks.SIZES)
    assert {*meta_answers.FACTS, "too_few_studies"} == set(VERDICTS)
    assert set(meta_answers.COUNTS) == set(meta_answers.ALL_ALIKE) == set(VERDICTS.values())


@pytest.mark.parametrize("more", [{"sd_rho": 0.2}, {"n": 60 * 300}])
def test_large_studies_or_large_differences_need_no_caution(more):
    assert meta_checks.credibility_caution(ROW, EN)
    assert not meta_checks.credibility_caution(ROW | more, EN)


def test_the_table_of_all_outcomes_shows_what_could_be_estimated():
    summary = pd.DataFrame([ROW, ROW | {"outcome": "nps", "k": 0} | dict.fromkeys(("mean_r", *BARE), np.nan) | BARE])
    summary.loc[1, ["mean_r", "sd_res", "cr_low", "cr_high", "pct_sampling", "re_r", "pi_low", "i2"]] = np.nan
    shown = meta_tables.hunter_schmidt_table(summary, EN).html + meta_tables.random_effects_table(summary, EN).html
    assert "0.06 to 0.23" in shown and "−0.02 to 0.27" in shown and "nan" not in shown


def test_the_prediction_that_decides_stands_beside_the_wider_one_each_with_its_level():
    shown = meta_tables.random_effects_table(pd.DataFrame([ROW | {"i2": 30.0}]), EN).html
    assert shown.index("80% prediction") < shown.index("95% prediction")
    assert shown.index("0.03 to 0.22") < shown.index("−0.02 to 0.27")


def test_studies_that_agree_have_no_range():
    alike = pd.DataFrame([ROW | {"cr_low": 0.14, "cr_high": 0.14}])
    assert "none seen" in meta_tables.hunter_schmidt_table(alike, EN).html


def test_a_chart_says_where_no_spread_is_seen_instead_of_an_interval_without_length():
    rows = pd.DataFrame([ROW | {"estimate": 0.14}, ROW | {"outcome": "nps", "estimate": 0.14, "cr_high": 0.06}])
    shown = meta_parts.most_chart(rows, EN)._repr_html_()
    assert "NPS, no spread seen" in shown and "Profit, no spread" not in shown
    assert "+0.06 to +0.06" not in shown and "+0.06 to +0.23" in shown


@pytest.mark.parametrize(("largest", "parts"), [(99, 1), (100, 2)])
def test_studies_of_about_one_size_say_nothing_of_small_ones(largest, parts):
    known = studies().assign(n=[50] * 15 + [largest] * 15)
    shown = meta_parts.small_part(small_study_effect(known), checks.size_means(known), EN)
    assert len(shown) == parts and ("cannot be told" in text(shown)) == (parts == 1)


def test_every_reliability_below_one_is_told_and_a_low_one_with_a_warning():
    rows = pd.DataFrame([ROW, ROW | {"outcome": "nps", "mean_ryy": 0.61}, ROW | {"outcome": "repurchase", **BARE}])
    rows.loc[3] = ROW | {"outcome": "revenue"}
    told = [
        str(meta_measured.measured_sentences(rows, EN, outcomes=outcomes, engagement="engagement"))
        for outcomes in (["profit", "nps", "repurchase", "revenue"], ["repurchase"])
    ]
    assert told[0].count("The mean reliability") == 2 and "not known" not in told[0] and "trusts" not in told[0]
    assert told[1].count("is not known here") == 1
    assert "trusts it fully" in meta_measured.measured_sentence(ROW | {"mean_ryy": 0.49}, EN, engagement="engagement")


def test_names_of_studies_are_escaped_and_small_ones_have_none():
    one = checks.study_intervals(studies().assign(name=lambda rows: rows["name"].where(rows["study"] != "s3", "")))
    part = text(
        meta_parts.studies_part(one, meta_study(studies()).row("profit"), EN, engagement="engagement", gate=True)
    )
    assert "&lt;b&gt;4" in part and "<b>" not in part and "&lt;b&gt;3<" not in part
    assert "a study that is not named" in part


def test_without_a_study_to_show_there_is_no_chart():
    none = studies().head(0)
    part = meta_parts.studies_part(none, ROW, EN, engagement="engagement", gate=True)
    assert len(part) == 1 and "0 of 60" in text(part)


def test_one_study_alone_is_neither_drawn_nor_corrected():
    one = checks.study_intervals(studies(1))
    row = meta_study(studies(1)).row("profit")
    assert len(meta_parts.studies_part(one, row, EN, engagement="engagement", gate=True)) == 1
    assert not meta_measured.measured_sentence(row, EN, engagement="engagement")


def test_an_ampersand_in_the_name_of_an_outcome_is_escaped_once():
    summary = meta_study(studies().assign(outcome="emergency_within_4h")).summary
    assert "A&amp;amp;E" not in meta_parts.means_chart(summary, EN, smallest=0.1)._repr_html_()


def test_utility_sets_the_observed_beside_the_corrected_and_besd_apart():
    expected = expectancy({"observed": 0.32, "rho": 0.4})
    part = text(meta_parts.utility_part(expected, quarter_table(0.32), EN, outcome="nps", engagement="engagement"))
    assert "1.71" in part and "2.33" in part and "which is no rate of success" in part
    alone = text(
        meta_parts.utility_part(expected.head(1), quarter_table(0.32), EN, outcome="nps", engagement="engagement")
    )
    assert "Corrected" not in alone and "promises more" not in alone


def test_the_chart_of_studies_draws_one_dot_each_and_stays_low():
    for k in (2, 60, 400):
        rows = checks.study_intervals(studies(k))
        with plt.rc_context({"figure.figsize": (270 / 72, 3)}):
            ax = plots.plot_studies(rows, EN, mean=0.2, most=(0.1, 0.3), quantity="Correlation")
        dots = next(line for line in ax.lines if line.get_marker() == "o" and len(line.get_xdata()) > 1)
        assert len(dots.get_xdata()) == k
        assert (np.diff(dots.get_xdata()) <= 0).all()
        plt.close("all")


def test_a_chart_without_studies_is_refused():
    with pytest.raises(ValueError, match="studies must have rows; found 0"):
        plots.plot_studies(studies().head(0), EN, mean=0.2, quantity="Correlation")
