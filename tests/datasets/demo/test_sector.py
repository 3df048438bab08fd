"""The demo sector is many organisations in one dataset, each with its own size, level and truth."""

import shutil
import tomllib

import pandas as pd
import pytest

from helpers.datasets.checking import check_dataset
from helpers.datasets.dataset import open_dataset
from helpers.datasets.demo import load_sector, make_sector, simulate_sector
from helpers.datasets.demo.sector import OUTCOMES, draw_organisations
from helpers.datasets.demo.sector_simulation import TABLES
from helpers.datasets.demo.sector_units import organisation_blocks
from helpers.datasets.panels import quartile_frame
from helpers.stats.study_correlations import study_correlations

SCALE = 0.1


@pytest.fixture(scope="module")
def sector():
    return load_sector()


@pytest.fixture(scope="module")
def folder(sector, tmp_path_factory):
    return make_sector(tmp_path_factory.mktemp("data") / "demo-sector", sector, seed=3, scale=SCALE)


@pytest.fixture(scope="module")
def units(folder):
    return pd.read_parquet(folder / "units.parquet").set_index("unit_id")


def test_sixty_organisations_hang_below_one_root_and_keep_their_column(units):
    counts = units["level"].value_counts()
    assert counts[["sector", "organisation"]].to_dict() == {"sector": 1, "organisation": 60}
    above = {"organisation": "sector", "business unit": "organisation", "team": "business unit"}
    below = units[units["parent_id"].notna()]
    assert (units.loc[below["parent_id"], "level"].to_numpy() == below["level"].map(above)).all()
    assert (below["organisation"] == below.index.str[:3]).all()
    assert below["organisation"].nunique() == 60


def test_ids_and_names_are_distinct(units):
    assert units.index.is_unique
    assert units["name"].is_unique


def test_organisations_come_from_all_industries_and_countries(units):
    organisations = units[units["level"] == "organisation"]
    assert organisations["industry"].nunique() == 6
    assert organisations["country"].nunique() == 24
    assert organisations.groupby("country")["industry"].nunique().min() >= 2


def test_sizes_are_skewed_between_30_and_400_teams(sector):
    sizes = pd.concat([draw_organisations(sector, seed)["n_teams"] for seed in range(20)])
    assert sizes.between(30, 400).all()
    assert sizes.median() == pytest.approx(65, abs=5)
    assert sizes.mean() > 1.2 * sizes.median()


@pytest.mark.parametrize("scale", [0.05, 1, 3])
def test_scale_multiplies_the_teams_of_an_organisation_and_a_block_stays_small(sector, scale):
    blocks = list(organisation_blocks(sector, 0, 120, scale))
    ids = [team for block in blocks for team in block.team_ids]
    assert len(set(ids)) == len(ids) == max(10, round(120 * scale))
    assert max(block.n_teams for block in blocks) <= 50


def test_some_organisations_lose_more_than_40_percent_of_staff_a_year_and_most_do_not(folder):
    rates = pd.read_parquet(folder / "truth" / "organisations.parquet").drop_duplicates("unit_id")["turnover_rate"]
    assert 5 <= (rates > 0.4).sum() <= 25


def test_nothing_tells_which_person_answered(folder):
    items = pd.read_parquet(folder / "items.parquet")["item_id"].tolist()
    answers = pd.read_parquet(folder / "employee_answers.parquet")
    assert list(answers) == ["unit_id", "period", "recommend", "satisfaction", *items]
    assert not {"employments", "actions", "absence"} & {path.stem for path in folder.glob("*.parquet")}


def test_checks_find_nothing(folder):
    assert check_dataset(folder) == []


def test_every_organisation_is_a_study_of_every_outcome(folder, tmp_path):
    opened = open_dataset(shutil.copytree(folder, tmp_path / "demo-sector"))
    table = study_correlations(quartile_frame(opened), min_units=4)
    assert set(table["outcome"]) == set(OUTCOMES)
    assert (table.groupby("outcome")["study"].nunique() == 60).all()
    assert (table["reason"] == "").all()


def test_the_same_seed_gives_the_same_bytes_and_another_other_ones(folder, sector, tmp_path):
    again = make_sector(tmp_path / "again", sector, seed=3, scale=SCALE)
    other = make_sector(tmp_path / "other", sector, seed=4, scale=SCALE)
    names = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert [(again / name).read_bytes() for name in names] == [(folder / name).read_bytes() for name in names]
    assert (other / "outcomes.parquet").read_bytes() != (folder / "outcomes.parquet").read_bytes()
    assert (other / "truth/organisations.parquet").read_bytes() != (folder / "truth/organisations.parquet").read_bytes()
    assert (other / "truth/population.parquet").read_bytes() == (folder / "truth/population.parquet").read_bytes()


def test_leaving_tables_out_changes_nothing_in_the_others(sector, folder):
    outcomes = simulate_sector(sector, seed=3, scale=SCALE, tables=["outcomes"])["outcomes"]
    pd.testing.assert_frame_equal(outcomes, pd.read_parquet(folder / "outcomes.parquet"))


def test_settings_name_the_tables_and_the_truth_is_none_of_them(folder):
    settings = tomllib.loads((folder / "dataset.toml").read_text("utf-8"))
    assert settings["synthetic"] is True
    assert settings["levels"] == {"panel": "organisation", "quartile": "team", "report": "organisation"}
    assert set(settings["tables"]) == set(TABLES) - {"expected"}
    assert {path.stem for path in (folder / "truth").iterdir()} == {"expected", "organisations", "population"}


def test_a_truth_file_changes_what_organisations_have_in_common(tmp_path):
    (tmp_path / "truth.toml").write_text("[growth]\nmean = 5.0\n[enps]\nsd_team = 1.0\n", "utf-8")
    common = load_sector(tmp_path / "truth.toml").common
    assert common.growth.mean == 5.0
    assert common.enps.sd_team == load_sector().common.enps.sd_team


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"seed": -1}, "seed must not be negative; found -1"),
        ({"scale": 0.01}, "scale must be at least 0.05 and finite; found 0.01"),
        ({"tables": ["actions"]}, "tables must be among units, .*; found actions"),
    ],
)
def test_wrong_arguments_are_refused(sector, arguments, message):
    with pytest.raises(ValueError, match=message):
        simulate_sector(sector, **arguments)
