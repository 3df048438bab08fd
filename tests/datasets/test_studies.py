"""Studies of a dataset: which units make one, what may be told of it, and how reliable its scores are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.datasets.dataset import Dataset
from helpers.datasets.demo.sector import load_sector
from helpers.datasets.demo.sector_writing import make_sector
from helpers.datasets.published_relations import published_ratio, published_relations
from helpers.datasets.studies import study_members, unit_studies
from helpers.datasets.study_table import counted_studies, load_studies, same_wave_studies, study_table
from helpers.release.mask import Mask
from helpers.stats.estimates import NotApplicable
from helpers.stats.meta_study import meta_study
from running import made_once

SETTINGS = """
title = "Test"
language = "en"
synthetic = true
periods_per_year = 1
measures = {employee = "climate", customer = "nps", engagement = "climate", outcomes = ["nps", "profit"]}
levels = {panel = "team", quartile = "team", report = "country"}
smallest_effect = {value = 0.1, unit = "sd"}
tables = {units = "units.csv", scores = "scores.csv"}
"""


def written(folder, units, seed=1):
    """A dataset of given units: climate and nps of every team in two years, with 12 answers each."""
    folder.mkdir(exist_ok=True)
    rng = np.random.default_rng(seed)
    teams = units.loc[units["level"] == "team", "unit_id"]
    rows = [
        (team, year, measure, value, 12)
        for team in teams
        for year in ("2023", "2024")
        for measure, value in (("climate", rng.normal(3, 1)), ("nps", rng.normal(10, 5)))
    ]
    scores = pd.DataFrame(rows, columns=["unit_id", "period", "measure", "estimate", "n"])
    units.to_csv(folder / "units.csv", index=False)
    scores.to_csv(folder / "scores.csv", index=False)
    (folder / "dataset.toml").write_text(SETTINGS)
    return Dataset(folder)


def tree(n_countries, n_teams, **columns):
    countries = [f"c{number}" for number in range(n_countries)]
    rows = [("all", "All", None, "organisation"), *((one, one.upper(), "all", "country") for one in countries)]
    rows += [(f"{one}t{team}", f"{one}t{team}", one, "team") for one in countries for team in range(n_teams)]
    return pd.DataFrame(rows, columns=["unit_id", "name", "parent_id", "level"]).assign(**columns)


@pytest.fixture(scope="module")
def countries(tmp_path_factory):
    return written(tmp_path_factory.mktemp("studies") / "countries", tree(3, 12))


@pytest.fixture(scope="module")
def sector_folder(tmp_path_factory):
    return made_once(
        tmp_path_factory, "half-sector", lambda folder: make_sector(folder, load_sector(), seed=1, scale=0.5)
    )


@pytest.fixture(scope="module")
def sector(sector_folder):
    return Dataset(sector_folder)


@pytest.fixture(scope="module")
def found(sector):
    return unit_studies(sector)


def test_countries_of_one_organisation_are_studies(countries):
    found = unit_studies(countries)
    assert found.level == "country" and found.units == "team" and found.periods == ("2023", "2024")
    assert found.studies.loc[found.studies["outcome"] == "nps", "n"].tolist() == [12, 12, 12]


def test_teams_alone_are_no_studies(tmp_path):
    flat = (
        tree(3, 12)
        .query("level != 'country'")
        .assign(parent_id=lambda units: units["parent_id"].where(units["level"] != "team", "all"))
    )
    with pytest.raises(
        NotApplicable, match="A meta-analysis compares organisations, countries or other groups of units; All"
    ):
        unit_studies(written(tmp_path / "flat", flat))


def test_below_one_study_there_are_none(countries):
    with pytest.raises(NotApplicable, match="C1 has none of these"):
        unit_studies(countries, below="c1")


def test_organisations_named_in_a_column_are_studies(tmp_path):
    units = tree(4, 12)
    units["organisation"] = units["unit_id"].str[:2].map({"c0": "one", "c1": "one", "c2": "two", "c3": "two"})
    level, members = study_members(written(tmp_path / "column", units), ["c0t0", "c1t1", "c2t3"])
    assert level == "organisation" and members == {"c0t0": "one", "c1t1": "one", "c2t3": "two"}


def test_a_unit_that_stands_beside_the_studies_is_left_out(tmp_path):
    units = pd.concat(
        [tree(2, 10), pd.DataFrame([("x", "X", "all", "team")], columns=["unit_id", "name", "parent_id", "level"])]
    )
    level, members = study_members(written(tmp_path / "beside", units), ["c0t0", "c1t1", "x"])
    assert level == "country" and "x" not in members


def test_scores_without_errors_have_no_reliability(countries):
    studies = unit_studies(countries).studies
    assert studies[["rxx", "ryy"]].isna().all(axis=None) and studies["rxx_retest"].nunique() <= 1


def test_organisations_of_a_sector_are_its_studies(found, sector):
    assert found.level == "organisation" and found.gated
    assert found.studies["study"].nunique() == 60
    assert set(found.studies["industry"]) == set(sector.table("units")["industry"].dropna())


def test_single_studies_rest_on_shown_units_alone(found, sector):
    """With hidden teams taken out by hand, the correlation of a study comes out the same."""
    mask, scores = sector.mask.frame.set_index(["unit_id", "period", "family"])["hidden_by"], sector.scores
    wanted = {"engagement": ("2023", "employees"), "profit": ("2024", "outcomes")}
    sides = []
    for measure, (period, family) in wanted.items():
        rows = scores[(scores["measure"] == measure) & (scores["period"] == period)].set_index("unit_id")["estimate"]
        shown = mask.xs((period, family), level=("period", "family"))
        sides.append(rows[rows.index.isin(shown[shown == ""].index)].rename(measure))
    teams = pd.concat(sides, axis=1, join="inner").dropna()
    teams = teams[teams.index.isin(sector.hierarchy.at_level("team"))]
    table = found.shown[found.shown["outcome"] == "profit"].set_index("study")
    for study in ("O01", "O02", "O28"):
        own = teams[teams.index.str.startswith(study)]
        assert table.loc[study, "n"] == len(own)
        assert table.loc[study, "r"] == pytest.approx(own["engagement"].corr(own["profit"]))
    everything = found.studies[found.studies["outcome"] == "profit"].set_index("study")["n"]
    assert (table["n"] <= everything[table.index]).all() and table["n"].sum() < 0.8 * everything.sum()


def test_a_study_with_a_hidden_figure_bears_no_name(sector_folder):
    dataset = Dataset(sector_folder)
    frame = dataset.mask.frame
    small = (frame["unit_id"] == "O02") & (frame["period"] == "2023") & (frame["family"] == "employees")
    dataset.mask = Mask(frame.assign(hidden_by=frame["hidden_by"].mask(small, "min_group")), 10)
    names = unit_studies(dataset).shown.drop_duplicates("study").set_index("study")["name"]
    assert names["O02"] == "" and names["O01"] == dataset.hierarchy.name("O01")


def test_reliability_of_engagement_is_that_of_the_payroll(found, sector):
    true = pd.read_parquet(sector.folder / "truth" / "organisations.parquet").set_index(["unit_id", "outcome"])
    studies = found.studies.set_index(["study", "outcome"])
    for side, outcome, tolerance in (("rxx", "profit", 0.05), ("ryy", "nps", 0.06)):
        both = [table.xs(outcome, level="outcome")[side] for table in (studies, true)]
        assert both[0].mean() == pytest.approx(both[1].mean(), abs=tolerance)
    rxx, endless = studies["rxx"].mean(), studies["rxx_endless"].mean()
    assert endless < rxx - 0.3 and studies.xs("profit", level="outcome")["ryy"].eq(1).all()


def test_the_truth_of_a_sector_comes_back(found, sector):
    """The mean of each outcome near that of its organisations, seven of eight at least inside their intervals."""
    true = pd.read_parquet(sector.folder / "truth" / "organisations.parquet")
    population = pd.read_parquet(sector.folder / "truth" / "population.parquet").set_index("outcome")
    summary = meta_study(found.studies, outcomes=population.index).summary.set_index("outcome")
    weights = found.studies.set_index(["study", "outcome"])["n"].rename("units")
    own = (
        true.join(weights, on=["unit_id", "outcome"])
        .groupby("outcome")
        .apply(lambda rows: np.average(rows["rho"], weights=rows["units"]))
    )
    own = own[summary.index]
    covered = (summary["rho_low"] <= own) & (own <= summary["rho_high"])
    assert covered.sum() >= 7 and (summary["rho_low"] > 0).all()
    assert (summary["rho"] - population["mean_rho"]).mean() == pytest.approx(0, abs=0.03)
    assert (summary["sd_rho"] - population["sd_rho"]).mean() == pytest.approx(0, abs=0.04)


def test_the_same_wave_gives_the_same_studies(countries):
    same = same_wave_studies(countries)
    assert same["study"].tolist() == unit_studies(countries).studies["study"].tolist()
    assert same_wave_studies(countries, table="somewhere.csv") is None


def test_a_table_of_the_literature_is_read(countries):
    (countries.folder / "studies.csv").write_text(
        "study,outcome,r,n,rxx,sector\nA,profit,0.2,40,0.8,x\nB,profit,0.3,50,,y\nC,nps,,60,0.7,y\n"
    )
    found = load_studies(countries, table="studies.csv", outcomes=["profit"])
    assert found.studies["study"].tolist() == ["A", "B"] and found.shown["name"].tolist() == ["A", "B"]
    assert not found.gated and found.units == "" and found.outcomes == ("profit",)
    assert counted_studies(countries, found, engagement="climate") == {"min_group": None}
    assert load_studies(countries, table="studies.csv").outcomes == ("profit", "nps")


def test_wrong_tables_are_refused(tmp_path):
    path = tmp_path / "studies.csv"
    path.write_text("study,r\nA,0.2\n")
    with pytest.raises(ValueError, match="studies must have the columns study, r, n; found none named n"):
        study_table(path)
    path.write_text("study,r,n\nA,0.2,many\n")
    with pytest.raises(ValueError, match="n must hold numbers; found 'many' in row 2"):
        study_table(path)


@pytest.mark.parametrize("name", ["none.csv", "/etc/hosts", "../countries/units.csv"])
def test_a_table_stands_in_the_folder_of_the_dataset(countries, name):
    found = name.split("/")[-1]
    with pytest.raises(
        ValueError, match=f"studies must be the name of a CSV file in the dataset's folder; found '{found}'"
    ):
        load_studies(countries, table=name)


def test_published_means_stand_under_our_names_with_better_above_zero():
    table = published_relations(["nps", "turnover", "revenue_growth"])
    assert set(table["outcome"]) == {"nps", "turnover"}
    first = table[(table["outcome"] == "nps") & (table["year"] == 2002)].iloc[0]
    assert [first["observed"], first["corrected"], first["k"], first["n"]] == [0.16, 0.33, 20, 3199]
    assert (table.loc[table["outcome"] == "turnover", "corrected"] > 0).all()
    assert published_ratio() == {"value": 2.33, "year": 2024}


@pytest.mark.parametrize(("n_hidden", "n_left"), [(1, 12), (2, 12), (3, 14), (8, 14)])
def test_a_study_with_few_hidden_units_leaves_them_out(tmp_path, n_hidden, n_left):
    """Means of kinds of studies, beside the studies one by one, would tell of them. Beside one, another is hidden."""
    folder = tmp_path / "firm"
    written(folder, tree(6, 14))
    small = [f"c0t{team}" for team in range(n_hidden)]
    small += [f"c{country}t{team}" for country in range(1, 6) for team in range(8)]
    scores = pd.read_csv(folder / "scores.csv")
    scores.loc[scores["unit_id"].isin(small), "n"] = 9
    scores.to_csv(folder / "scores.csv", index=False)
    studies = unit_studies(Dataset(folder)).studies.query("outcome == 'nps'").set_index("study")
    assert studies["n"].tolist() == [n_left, *[14] * 5]
