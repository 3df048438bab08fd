"""What was put into the demo company comes out again, by estimates simple enough to check by eye."""

import numpy as np
import pandas as pd
import pytest

from helpers.datasets.demo import load_truth, simulate

# Their teams change unit, which breaks the lags of a unit.
REORGANISED = ("NL", "DE")


def team_measures(tables, wide):
    """Measures of the lasting teams, one row per team and wave, with headcount and country."""
    frame = wide(tables["expected"]).join(tables["invited"].set_index(["unit_id", "period"])["headcount"], how="inner")
    frame["country"] = frame.index.get_level_values("unit_id").str[:2]
    return frame[~frame["country"].isin(REORGANISED)]


def lagged(values, k):
    return values.groupby("unit_id").shift(k)


def within(values, *groups):
    """Take out the means of several groupings, alternating until they are gone."""
    for _ in range(50):
        for group in groups:
            values = values - values.groupby(group).transform("mean")
    return values


def slopes(y, *x):
    frame = pd.concat([y, *x], axis=1).dropna()
    return np.linalg.lstsq(np.column_stack([np.ones(len(frame)), frame.iloc[:, 1:]]), frame.iloc[:, 0])[0][1:]


def score(answers):
    return 100.0 * ((answers >= 9).astype(int) - (answers <= 6))


def lag_effects(tables, wide):
    """Slopes of the NPS a team aims at on its eNPS 0 to 3 waves before, within teams and country-years."""
    frame = team_measures(tables, wide)
    lags = [lagged(frame["enps"], k).rename(k) for k in range(4)]
    used = pd.concat([frame[["nps", "country"]], *lags], axis=1).dropna()
    groups = used.index.get_level_values("unit_id"), [used["country"], used.index.get_level_values("period")]
    flat = within(used.drop(columns="country"), *groups)
    return slopes(flat["nps"], flat[[0, 1, 2, 3]])


def elements(tables):
    """Mean of the items of each element per answer, the reverse one turned."""
    items, answers = tables["items"], tables["employee_answers"]
    turned = {
        row.item_id: 6 - answers[row.item_id] if row.reverse else answers[row.item_id] for row in items.itertuples()
    }
    frame = pd.DataFrame(turned)
    return pd.DataFrame({name: frame[list(of)].mean(axis=1) for name, of in items.groupby("element")["item_id"]})


def by_instrument(y, x, instrument):
    """Slope of y on x freed from errors of answering by a third measure that touches y through x only."""
    frame = pd.concat([y, x, instrument], axis=1).dropna().to_numpy().T
    return np.cov(frame[0], frame[2])[0, 1] / np.cov(frame[1], frame[2])[0, 1]


def test_nps_follows_enps_with_the_lags_of_the_truth(demo, wide, truth):
    assert lag_effects(demo, wide) == pytest.approx(truth.effects.lag, abs=0.004)


def test_the_null_has_no_lag(null, wide):
    assert lag_effects(null, wide) == pytest.approx([0, 0, 0, 0], abs=0.004)


def test_another_truth_gives_other_lags(wide, tmp_path):
    file = tmp_path / "late.toml"
    file.write_text("[effects]\nlag = [0.0, 0.0, 0.0, 0.5]\n", "utf-8")
    tables = simulate(load_truth(file=file), scale=0.1, tables=["expected", "invited"])
    assert lag_effects(tables, wide) == pytest.approx([0, 0, 0, 0.5], abs=0.01)


def test_weighted_answers_score_what_teams_aim_at_and_unweighted_ones_less(demo, wide, truth):
    frame, answers = team_measures(demo, wide), demo["customer_answers"]
    answers = answers[~answers["unit_id"].str[:2].isin(REORGANISED)]
    aimed = np.average(frame["nps"], weights=frame["headcount"])
    scored = score(answers["recommend"])
    assert np.average(scored, weights=answers["weight"]) == pytest.approx(aimed, abs=0.8)
    share = truth.customers.double_share
    less = truth.customers.double_gap * (2 * share / (1 + share) - share)
    assert scored.mean() - aimed == pytest.approx(less, abs=0.8)


def test_measured_enps_is_that_of_the_payroll_but_for_who_is_missing(demo, wide):
    frame, answers = team_measures(demo, wide), demo["employee_answers"]
    measured = score(answers["recommend"]).groupby([answers["unit_id"], answers["period"]]).mean().rename("measured")
    both = frame.join(measured, how="inner")
    assert (both["measured"] - both["enps"]).mean() == pytest.approx(2.0, abs=1.5)
    assert np.corrcoef(both["measured"], both["enps"])[0, 1] > 0.9


def test_response_drifts_down(demo, truth):
    invited = demo["invited"].groupby("period")["n_invited"].sum()
    rate = demo["employee_answers"].groupby("period").size() / invited
    assert rate.iloc[0] == pytest.approx(truth.response.first_wave, abs=0.02)
    assert rate.iloc[-1] == pytest.approx(truth.response.last_wave, abs=0.02)


def test_the_new_questionnaire_lifts_enps_by_its_step_and_leaves_nps(truth, change, wide):
    calm = {"sd_country_shock": 0.0, "sd_year": 0.0, "sd_shared": 0.0}
    quiet = change(truth, enps=calm, nps={"sd_country_noise": 0.0, "sd_year": 0.0, "sd_shared": 0.0})
    tables = simulate(quiet, scale=0.3, tables=["expected", "invited"])
    means = team_measures(tables, wide).groupby("period")[["enps", "nps"]].mean()
    steps = means.loc["2019":].mean() - means.loc[:"2018"].mean()
    assert steps["enps"] == pytest.approx(truth.enps.redesign_step, abs=1.5)
    assert steps["nps"] == pytest.approx(0, abs=1.0)


@pytest.mark.parametrize("measure", ["profit", "productivity", "accidents", "shrinkage", "defects"])
def test_outcomes_follow_last_waves_engagement(demo, null, wide, truth, measure):
    frame = team_measures(demo, wide)
    slope = slopes(frame[measure], lagged(frame["engagement"], 1))[0]
    base, per_sd = truth.outcomes.measures[measure].base, truth.effects.outcomes[measure]
    assert slope == pytest.approx(base * per_sd / truth.employees.engagement_sd, rel=0.02)
    assert wide(null["expected"])[measure].std() == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    "measure", ["profit", "productivity", "accidents", "shrinkage", "defects", "turnover", "absence"]
)
def test_outcomes_average_to_what_is_expected_at_low_and_high_engagement(demo, wide, measure):
    outcomes = demo["outcomes"].query("measure == @measure").set_index(["unit_id", "period"])["value"]
    both = pd.concat([outcomes, wide(demo["expected"])[measure]], axis=1).dropna()
    halves = both.groupby(both[measure] > both[measure].median()).mean()
    assert halves["value"].to_numpy() == pytest.approx(halves[measure].to_numpy(), rel=0.06)


def test_turnover_and_spells_fall_with_engagement_at_the_rates_of_the_truth(demo, null, wide, truth):
    for tables, log_rate in ((demo, truth.effects.absence), (null, 0.0)):
        frame = team_measures(tables, wide).join(tables["absence"].set_index(["unit_id", "period"])["n_spells"])
        sds = lagged(frame["engagement"], 1) / truth.employees.engagement_sd
        thirds = frame.groupby(pd.qcut(sds, 3, labels=False))
        rate = thirds["n_spells"].sum() / thirds["headcount"].sum()
        distance = sds.groupby(pd.qcut(sds, 3, labels=False)).mean()
        assert np.log(rate[2] / rate[0]) / (distance[2] - distance[0]) == pytest.approx(log_rate, abs=0.03)


def test_growth_follows_engagement_of_the_business_unit(demo, wide, truth):
    teams = team_measures(demo, wide)
    keys = [teams.index.get_level_values("unit_id").str[:5].rename("unit_id"), teams.index.get_level_values("period")]
    weight = teams["headcount"]
    pooled = (
        teams[["engagement", "nps"]].mul(weight, axis=0).groupby(keys).sum().div(weight.groupby(keys).sum(), axis=0)
    )
    growth = wide(demo["expected"])["revenue_growth"].reindex(pooled.index)
    points = 25 * (pooled["engagement"] - truth.employees.engagement_mean)
    sds = points / 25 / truth.employees.engagement_sd
    together = sds * (pooled["nps"] - truth.nps.level) / 20
    found = slopes(growth, lagged(points, 1), lagged(together, 1))
    assert found == pytest.approx([truth.effects.growth, truth.effects.growth_interaction], rel=1e-6)


def test_the_design_mean_and_spread_of_engagement_hold(truth):
    engagement = simulate(truth, seed=2, scale=1, tables=["expected"])["expected"].query("measure == 'engagement'")
    assert engagement["expected"].mean() == pytest.approx(truth.employees.engagement_mean, abs=0.05)
    assert engagement["expected"].std() == pytest.approx(truth.employees.engagement_sd, rel=0.06)


def test_drivers_rank_as_their_weights(demo, truth):
    frame = elements(demo).dropna()
    weights = pd.Series(dict(truth.employees.drivers))
    found = pd.Series(slopes(frame["engagement"], frame[weights.index]), weights.index)
    assert found.sort_values().index.tolist() == weights.sort_values().index.tolist()


def test_links_between_constructs_are_those_of_the_truth(demo, null, truth):
    for tables, effects in ((demo, truth.effects), (null, load_truth("demo-null").effects)):
        frame = elements(tables)
        leadership = frame[["hands_on_management", "trust_in_leadership"]].mean(axis=1)
        culture = frame[["voice", "communication", "room_to_act"]].mean(axis=1)
        behaviour = frame[["customer_orientation", "service_behaviour"]].mean(axis=1)
        found = by_instrument(frame["motivation"], frame["context"], frame["purpose"])
        assert found == pytest.approx(effects.context_motivation, abs=0.06)
        found = by_instrument(culture, leadership, frame["meaningful_work"])
        assert found == pytest.approx(effects.leadership_culture, abs=0.06)
        if effects.leadership_culture:
            found = by_instrument(behaviour, culture, leadership)
            assert found == pytest.approx(effects.culture_behaviour, abs=0.06)


def test_sincerity_follows_engagement_and_repurchase_follows_sincerity(demo, null, wide, truth):
    for tables, effect in ((demo, truth.effects.sincerity), (null, 0.0)):
        answers = tables["customer_answers"]
        seen = answers.groupby(["unit_id", "period"])["sincerity"].mean()
        frame = team_measures(tables, wide).join(seen)
        assert slopes(frame["sincerity"], frame["engagement"])[0] == pytest.approx(effect, abs=0.03)
    answers = demo["customer_answers"]
    klass = pd.get_dummies(pd.cut(answers["recommend"], [-1, 6, 8, 10], labels=False), dtype=float)[[0, 1]]
    found = slopes(answers["repurchase"], answers["sincerity"], klass)
    assert found[0] == pytest.approx(truth.effects.repurchase, abs=0.006)


def test_delivery_is_a_precondition_and_service_a_delighter(demo, null, truth):
    for tables, effects in ((demo, truth.effects), (null, load_truth("demo-null").effects)):
        answers = tables["customer_answers"].assign(score=score(tables["customer_answers"]["recommend"]))
        level = pd.cut(answers["satisfaction"], [0, 5, 7, 10], labels=["low", "middle", "high"])
        means = answers.groupby(["moment", level], observed=True)["score"].mean().unstack()
        asymmetry = (means["high"] - 2 * means["middle"] + means["low"]) / 2
        expected = pd.Series(dict(effects.moments))
        assert asymmetry[expected.index].to_numpy() == pytest.approx(expected.to_numpy(), abs=3)
    assert truth.effects.moments.delivery < 0 < truth.effects.moments.service


def test_satisfaction_follows_behaviour_of_the_team(demo, truth):
    behaviour = elements(demo)[["customer_orientation", "service_behaviour"]].mean(axis=1)
    keys = [demo["employee_answers"][key] for key in ("unit_id", "period")]
    answers = demo["customer_answers"].groupby(["unit_id", "period"])
    frame = pd.concat([answers["satisfaction"].mean(), behaviour.groupby(keys).mean().rename("b")], axis=1)
    nps = demo["expected"].query("measure == 'nps'").set_index(["unit_id", "period"])["expected"]
    # Behaviour is measured on those who answered, which takes a little off the slope.
    found = slopes(frame["satisfaction"], frame["b"], nps)[0]
    assert 0.8 * truth.effects.behaviour_satisfaction < found < 1.05 * truth.effects.behaviour_satisfaction


def test_employees_come_first_among_reasons_of_promoters_and_detractors(demo):
    answers = demo["customer_answers"]
    for picked, valence in ((answers["recommend"] >= 9, "positive"), (answers["recommend"] <= 6, "negative")):
        assert answers.loc[picked, "reason"].value_counts().index[0] == "employees"
        assert set(answers.loc[picked, "reason_valence"]) == {valence}


def test_an_action_moves_its_element_by_its_effect_one_wave_later(truth, change):
    tables = ["actions", "employee_answers", "items"]
    acted, idle = (
        simulate(
            change(truth, effects={"action_communicated": told, "action_silent": silent}), scale=0.3, tables=tables
        )
        for told, silent in ((0.5, 0.2), (0.0, 0.0))
    )
    first = acted["actions"].sort_values("start").drop_duplicates("unit_id")
    assert acted["actions"]["baseline"].mean() < 3.2
    for told, effect in ((True, 0.5), (False, 0.2)):
        chosen = first[first["communicated_on"].notna() == told]
        moved = [_means(tables, chosen, years) for years in (0, -1) for tables in (acted, idle)]
        assert (moved[0] - moved[1]).mean() == pytest.approx(effect, abs=0.05)
        assert (moved[2] - moved[3]).abs().max() == 0


def _means(tables, actions, years):
    """Mean of the acted-on element in each action's unit, in the year of its start plus `years`."""
    frame, answers = elements(tables), tables["employee_answers"]
    means = frame.groupby([answers["unit_id"], answers["period"]]).mean()
    found = []
    for action in actions.itertuples():
        key = (action.unit_id, str(action.start.year + years))
        found.append(means.at[key, action.element] if key in means.index else np.nan)
    return pd.Series(found)
