"""A parameter that is misspelt or mistyped stops the run before it starts."""

import ast
import datetime
from pathlib import Path

import nbformat
import numpy as np
import papermill
import pytest
from nbformat import v4

from helpers.datasets.folders import project_root
from helpers.publish.parameters import check_parameters, notebook_parameters, parse_parameters


@pytest.fixture
def known(write_notebook):
    return notebook_parameters(nbformat.read(write_notebook(), as_version=4))


def with_parameters(source: str) -> nbformat.NotebookNode:
    return v4.new_notebook(cells=[v4.new_code_cell(source, metadata={"tags": ["parameters"]})])


def test_names_types_defaults_and_comments_are_read(known):
    assert list(known) == ["dataset", "unit", "language", "conf_level", "lags", "exact"]
    assert (known["lags"].type, known["lags"].default, known["lags"].help) == (int, 3, "how many")
    assert known["unit"].default == ""


@pytest.mark.parametrize("path", sorted((project_root() / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_parameters_are_read_as_papermill_reads_them(path):
    theirs = papermill.inspect_notebook(path)
    ours = notebook_parameters(nbformat.read(path, as_version=4))
    assert list(ours) == list(theirs)
    for name, found in theirs.items():
        assert (ours[name].type.__name__, ours[name].help) == (found["inferred_type_name"], found["help"])
        assert ours[name].default == ast.literal_eval(found["default"])


@pytest.mark.parametrize("line", ["waves += 4", "for wave in (1, 2): pass", "waves", "import os"])
def test_anything_but_names_with_defaults_is_refused(line):
    with pytest.raises(ValueError, match=r"parameters cell must hold one `name: type = default` a line; found"):
        notebook_parameters(with_parameters(f"waves = 3\n{line}"))


@pytest.mark.parametrize("source", ["%matplotlib inline", "waves = '", "waves = ("])
def test_a_parameters_cell_that_is_no_python_is_refused(source):
    with pytest.raises(ValueError, match="parameters cell must be Python; found"):
        notebook_parameters(with_parameters(source))


def test_a_notebook_without_parameters_has_none():
    assert notebook_parameters(v4.new_notebook(cells=[v4.new_code_cell("lags = 3")])) == {}


def test_a_parameter_without_annotation_has_the_type_of_its_default():
    assert notebook_parameters(with_parameters("waves = 4"))["waves"].type is int


def test_a_default_that_is_no_literal_is_refused():
    with pytest.raises(ValueError, match=r"waves must have a default of type str, int, float or bool; found 'len"):
        notebook_parameters(with_parameters("waves = len(x)"))


def test_a_misspelt_name_is_refused_with_the_near_one(known):
    with pytest.raises(ValueError, match=r"found 'lagz'\. Did you mean lags\?"):
        check_parameters(known, {"lagz": 3})


@pytest.mark.parametrize("name", ["lags; import os", "2nd", "a b", ""])
def test_a_name_that_would_become_code_is_refused(known, name):
    with pytest.raises(ValueError, match="parameter name must be an identifier"):
        check_parameters(known, {name: 1})


@pytest.mark.parametrize(
    "name", ["password", "db_PASSWORD", "api_key", "apikey", "access_token", "client_secret", "wachtwoord"]
)
def test_a_name_that_looks_like_a_secret_is_refused(known, name):
    with pytest.raises(ValueError, match="parameter must not hold a secret"):
        check_parameters(known, {name: "x"})


SECRETS = {
    "assigned": "password=hunter22",
    "dutch": "Wachtwoord: geheim99",
    "address": "postgresql://reader:hunter22@db.example.org/survey",
    "address without user": "redis://:hunter22@db.example.org",
    "aws": "AKIA" + "ABCDEFGHIJ234567",
    "github": "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    "slack": "xoxb-" + "123456789012-abcdefABCDEF",
    "stripe": "sk_live_" + "abcdEFGH1234ijklMNOP",
    "jwt": "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "pem": "-----BEGIN RSA PRIVATE KEY-----",
    "azure": "DefaultEndpointsProtocol=https;AccountKey=abc",
    "bearer": "Authorization: Bearer abcdef123456",
    "random": "q7Zr2Kx9Lm4Tn8Vb3Wc6Yd1P",
    "hexadecimal": "0123456789abcdef0123456789abcdef",
}
PLAIN = """
NL-03-03|550e8400-e29b-41d4-a716-446655440000|Report2024ForRetailNetherlands|positive_environment_and_growth_opportunity
2024-07-31|customer satisfaction by country|https://example.org/survey?wave=2024|tokens of appreciation|data/demo-null
meaningful_work_1,meaningful_work_2|1.8 million answers|Team-Noord-Oost-Nederland-2024-Q3|p=0.05
"""


@pytest.mark.parametrize("value", SECRETS.values(), ids=SECRETS)
def test_a_value_that_looks_like_a_secret_is_refused_and_never_repeated(known, value):
    """Rule 10: what is given here ends up in the code of a notebook."""
    for give in (
        lambda: check_parameters(known, {"language": value}),
        lambda: parse_parameters(known, [f"language={value}"]),
    ):
        with pytest.raises(
            ValueError, match="language must not hold a secret; found a text that looks like"
        ) as refused:
            give()
        assert value not in str(refused.value)
        assert str(refused.value).endswith("not shown here. Set it as an environment variable.")


def test_a_default_that_looks_like_a_secret_is_refused():
    with pytest.raises(ValueError, match="source must not hold a secret; found a text that looks like a secret"):
        notebook_parameters(with_parameters(f"source = {SECRETS['address']!r}"))


@pytest.mark.parametrize("value", [one for one in PLAIN.strip().replace("\n", "|").split("|")])
def test_ids_names_folders_and_sentences_are_no_secrets(known, value):
    assert check_parameters(known, {"language": value}) == {"language": value}


def test_ids_and_folders_of_a_checked_dataset_may_look_random(known):
    given = {"unit": SECRETS["hexadecimal"], "dataset": f"/tmp/{SECRETS['random']}/demo"}
    assert check_parameters(known, given) == given
    with pytest.raises(ValueError, match="unit must not hold a secret"):
        check_parameters(known, {"unit": SECRETS["address"]})


@pytest.mark.parametrize("text", [SECRETS["address"], f"{SECRETS['address']}?sslmode=off", SECRETS["github"]])
def test_a_secret_in_place_of_a_name_is_not_repeated(known, text):
    with pytest.raises(ValueError, match="found a text that looks like a secret, not shown here") as refused:
        parse_parameters(known, [text])
    assert text[:12] not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "plain"),
    [
        ("lags", np.int64(4), 4),
        ("conf_level", np.float64(0.9), 0.9),
        ("conf_level", 1, 1.0),
        ("exact", np.bool_(True), True),
        ("unit", np.str_("nl"), "nl"),
        ("dataset", Path("data") / "demo", str(Path("data") / "demo")),
        ("unit", datetime.date(2024, 7, 1), "2024-07-01"),
        ("unit", np.datetime64("2024-07-01"), "2024-07-01"),
    ],
)
def test_values_of_other_libraries_become_plain(known, name, value, plain):
    converted = check_parameters(known, {name: value})[name]
    assert converted == plain and type(converted) is type(plain)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("lags", True, "a whole number"),
        ("lags", np.bool_(True), "a whole number"),
        ("lags", 3.0, "a whole number"),
        ("lags", "3", "a whole number"),
        ("conf_level", False, "a number"),
        ("conf_level", float("nan"), "a number"),
        ("exact", 1, "true or false"),
        ("exact", "False", "true or false"),
        ("unit", 3, "text"),
        ("unit", None, "text"),
        ("unit", ("a", "b"), "text"),
    ],
)
def test_a_value_of_another_type_is_refused(known, name, value, words):
    with pytest.raises(TypeError, match=f"{name} must be {words}; found"):
        check_parameters(known, {name: value})


def test_texts_of_the_command_line_take_the_type_of_the_parameter(known):
    texts = ["lags=4", "conf_level=0.9", "exact=yes", "unit=a=b"]
    assert parse_parameters(known, texts) == {"lags": 4, "conf_level": 0.9, "exact": True, "unit": "a=b"}


@pytest.mark.parametrize("text", ["lags=four", "lags=3.5", "exact=maybe", "conf_level=inf"])
def test_a_text_that_does_not_fit_the_type_is_refused(known, text):
    with pytest.raises(ValueError, match=f"must be .*; found '{text.partition('=')[2]}'"):
        parse_parameters(known, [text])


def test_a_text_without_equals_sign_is_refused(known):
    with pytest.raises(ValueError, match="given as name=value; found 'lags'"):
        parse_parameters(known, ["lags"])
