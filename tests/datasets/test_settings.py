import json
import time

import pytest

from helpers.datasets.checking import check_dataset
from helpers.datasets.folders import project_root
from helpers.datasets.problems import DatasetError
from helpers.datasets.settings import Levels, Measures, SmallestEffect, SourceFile, load_settings
from helpers.datasets.settings_file import KEYS, read_draft


def test_every_key_comes_back_typed(write):
    folder = write({"source": '"Ours"', "licence": '"CC0"', "min_group": "12", "disclosure": '"published"'})
    settings = load_settings(folder)
    assert (settings.title, settings.language, settings.synthetic) == ("Voorbeeld", "nl", True)
    assert (settings.source, settings.licence) == ("Ours", "CC0")
    assert (settings.periods_per_year, settings.min_group, settings.disclosure) == (1, 12, "published")
    assert settings.measures == Measures("enps", "nps", "engagement", ("profit", "nps"))
    assert settings.levels == Levels("country", "team", "team")
    assert settings.smallest_effect == SmallestEffect(0.1, "sd")
    assert settings.tables == {"units": folder / "units.csv"}


def test_what_may_be_left_out_has_the_careful_value(write):
    settings = load_settings(write())
    assert (settings.min_group, settings.disclosure, settings.source, settings.files) == (10, "gate", "", ())


def test_settings_cannot_be_changed(write):
    with pytest.raises(AttributeError, match="min_group"):
        load_settings(write()).min_group = 1


def test_the_files_of_the_publisher_keep_their_checksums(write):
    settings = load_settings(write({"files": '[{name = "SY1516.csv", sha256 = "ab12"}]'}))
    assert settings.files == (SourceFile("SY1516.csv", "ab12"),)


def test_tables_come_in_the_order_of_the_contract(write, tables):
    shuffled = {name: tables[name] for name in ("scores", "items", "units")}
    assert list(load_settings(write(**shuffled)).tables) == ["units", "items", "scores"]


def test_sections_may_be_written_with_brackets(write):
    folder = write({"smallest_effect.value": None, "smallest_effect.unit": None})
    with (folder / "dataset.toml").open("a") as file:
        file.write("\n[smallest_effect]\nvalue = 2\nunit = 'points'\n")
    assert load_settings(folder).smallest_effect == SmallestEffect(2.0, "points")


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("title", '""', "title must be a text; found ''"),
        ("title", "2024", "title must be a text; found 2024"),
        ("language", '"fr"', "language must be one of en, nl; found 'fr'"),
        ("synthetic", '"no"', "synthetic must be one of true, false; found 'no'"),
        ("synthetic", "1", "synthetic must be one of true, false; found 1"),
        ("periods_per_year", "3", "periods_per_year must be one of 1, 2, 4, 12; found 3"),
        ("periods_per_year", "true", "periods_per_year must be one of 1, 2, 4, 12; found True"),
        ("min_group", "4", "min_group must be a whole number of at least 5; found 4"),
        ("min_group", "10.0", "min_group must be a whole number of at least 5; found 10.0"),
        ("disclosure", '"open"', "disclosure must be one of gate, published; found 'open'"),
        ("measures.customer", '"enps"', "measures.customer must differ from measures.employee; found 'enps'"),
        ("measures.outcomes", '"nps"', "measures.outcomes must be a list of one or more texts; found 'nps'"),
        ("measures.outcomes", "[]", r"measures.outcomes must be a list .*; found \[\]"),
        ("smallest_effect.value", "0", "smallest_effect.value must be a number above 0; found 0"),
        ("smallest_effect.value", "inf", "smallest_effect.value must be a number above 0; found inf"),
        ("smallest_effect.unit", '"percent"', "smallest_effect.unit must be one of sd, points; found 'percent'"),
        ("levels", '"team"', r"levels must be a section; found 'team'\. Write \[levels\] above its keys"),
        ("files", '[{name = "a.csv"}]', "files must be a list of tables with name and sha256"),
        ("min_grup", "10", r"min_grup must be a known key; found 'min_grup'\. Did you mean min_group"),
        (
            "measures.custommer",
            '"nps"',
            r"measures.custommer must be a known key; found '.*'\. Did you mean measures.customer",
        ),
        ("tables.unit", '"u.csv"', r"tables.unit must be a known table; found 'unit'\. Did you mean units"),
    ],
)
def test_a_wrong_key_is_refused_with_its_rule_and_value(write, key, value, text):
    without = {name: None for name in KEYS if name.startswith(f"{key}.")}
    with pytest.raises(ValueError, match=rf"^dataset\.toml: {text}"):
        load_settings(write(without | {key: value}))


@pytest.mark.parametrize("key", [name for name, key in KEYS.items() if key.default is None])
def test_a_required_key_left_out_is_named(write, key):
    with pytest.raises(ValueError, match=rf"^dataset\.toml: {key} must be .*; found no such key\. Add it\."):
        load_settings(write({key: None}))


def test_the_table_of_units_must_be_named(write):
    with pytest.raises(ValueError, match=r"tables.units must name the file with the units; found no such key"):
        load_settings(write({"tables.units": None}))


@pytest.mark.parametrize("path", ["../units.csv", "/etc/passwd", "sub/../../units.csv", "", "units\\u0000.csv"])
def test_a_path_that_leaves_the_folder_is_refused(write, path):
    with pytest.raises(ValueError, match=r"tables.units must be a path inside the folder of the dataset; found"):
        load_settings(write({"tables.units": f'"{path}"'}))


def test_a_link_that_leaves_the_folder_is_refused(write, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    folder = write({"tables.units": '"link/units.csv"'})
    (folder / "link").symlink_to(outside)
    with pytest.raises(ValueError, match=r"tables.units must be a path inside the folder"):
        load_settings(folder)


def test_broken_toml_is_refused_with_the_place(write):
    with pytest.raises(ValueError, match=r"dataset\.toml must be valid TOML; found .*line 1"):
        load_settings(write({"title": "Voorbeeld"}))


def test_settings_in_another_encoding_are_refused(write):
    folder = write()
    (folder / "dataset.toml").write_bytes('title = "Café"'.encode("cp1252"))
    with pytest.raises(ValueError, match=r"dataset\.toml must be UTF-8 text; found another encoding"):
        load_settings(folder)


def test_settings_with_a_byte_order_mark_are_read(write):
    folder = write()
    (folder / "dataset.toml").write_bytes(b"\xef\xbb\xbf" + (folder / "dataset.toml").read_bytes())
    assert load_settings(folder).title == "Voorbeeld"


def test_missing_settings_are_refused(tmp_path):
    with pytest.raises(ValueError, match=rf"dataset\.toml must exist; found No such file.*{tmp_path.name}.*README"):
        load_settings(tmp_path)


def test_all_that_is_wrong_is_counted_and_listed(write):
    with pytest.raises(DatasetError, match=r"And 2 more: see `excx check`\.") as caught:
        load_settings(write({"title": "1", "language": '"fr"', "min_group": "1"}))
    assert [problem.column for problem in caught.value.problems] == ["title", "language", "min_group"]


def test_the_example_in_the_readme_loads(tmp_path):
    readme = (project_root() / "data" / "README.md").read_text(encoding="utf-8")
    (tmp_path / "dataset.toml").write_text(readme.split("```toml\n")[1].split("```")[0])
    assert load_settings(tmp_path).title == "Acme"


def test_a_draft_keeps_what_is_right(write, tables):
    folder = write({"language": '"fr"', "tables.items": '"../items.csv"'}, **{"items": tables["items"]})
    draft = read_draft(folder)
    assert "language" not in draft.values
    assert draft.values["periods_per_year"] == 1
    assert list(draft.tables) == ["units"]
    assert [problem.column for problem in draft.problems] == ["language", "tables.items"]


def test_redesigns_of_the_questionnaire_are_periods_of_the_dataset(write):
    assert load_settings(write({"redesigned": '["2019"]'})).redesigned == ("2019",)
    assert load_settings(write()).redesigned == ()
    with pytest.raises(DatasetError, match="redesigned must hold periods, a year such as 2024; found '2019-Q1'"):
        load_settings(write({"redesigned": '["2019-Q1"]'}))


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("source", "postgresql://reader:hunter22@db.example.org/survey", "source"),
        ("title", "Acme, password=hunter22", "title"),
        ("database", "ghp_hunter22hunter22hunter22hunter22", "database"),
        ("db_password", "hunter22", "db_password"),
        ("measures.outcomes", ["profit", "password=hunter22"], "measures.outcomes"),
    ],
)
def test_a_secret_in_the_settings_is_refused_and_never_repeated(write, key, value, place):
    """Rule 10: secrets come from the environment."""
    folder = write({key: json.dumps(value)})
    message = f"dataset.toml: {place} must hold no secret; found a text that looks like a secret, not shown here. "
    assert [str(problem) for problem in check_dataset(folder)] == [message + "Set it as an environment variable."]
    with pytest.raises(ValueError, match="must hold no secret") as refused:
        load_settings(folder)
    assert "hunter" not in str(refused.value)


def test_the_checksums_of_files_are_no_secrets(write):
    files = '[{name = "a.csv", sha256 = "' + "0123456789abcdef" * 4 + '"}]'
    assert load_settings(write({"files": files})).files[0].name == "a.csv"


def test_a_title_that_turns_the_text_beside_it_is_refused(write):
    with pytest.raises(ValueError, match="title must hold no hidden signs; found control, direction or zero-width"):
        load_settings(write({"title": '"Acme\\u202E"'}))


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("# " + "x" * 10_000_000, "262,144 bytes; found 10,000,"),
        ("".join(f"[t{number}]\n" for number in range(10_000)), "1,000 keys and values; found more"),
        ("[" + ".".join("a" * 10_000) + "]\n", "4 levels; found more"),
        ("x = " + "[" * 10_000 + "]" * 10_000, "4 levels; found more"),
        ("x = " + "{a=" * 10_000 + "1" + "}" * 10_000, "4 levels; found more"),
        ("x = [" + "1," * 50_000 + "]", "1,000 keys and values; found more"),
    ],
    ids=["large", "tables", "deep table", "deep list", "deep inline", "long list"],
)
def test_settings_that_are_no_settings_are_refused_at_once(write, text, limit):
    """Rule 15."""
    folder = write()
    with (folder / "dataset.toml").open("a") as file:
        file.write("\n" + text)
    started = time.perf_counter()
    with pytest.raises(ValueError, match=f"dataset.toml must hold at most {limit}"):
        load_settings(folder)
    assert time.perf_counter() - started < 5
