"""A dataset in which everything a person could have typed is a canary: a text or number that no page may show.

*Person canaries* are texts ``CANARY-<kind>-<n>`` and the odd numbers of `ODD`, each in one answer only. The *silent
team* is too small for any figure, and its figures are like no other's. Names, items, reasons and the rest are hostile.
"""

import itertools
from datetime import date

import numpy as np
import pandas as pd

from canary.payloads import LETTERS, PAYLOADS, PLACES, SHEETS, TEMPLATES
from helpers.datasets.contract import BERSIN_ELEMENTS
from helpers.datasets.demo.writing import to_toml
from helpers.datasets.reasons import LONGEST_CODE

YEARS = range(2016, 2024)
ROOT, FIRST, SECOND, SILENT = "../../../etc/passwd", "CON", "nul.txt", "=silent"
REPORTED = (ROOT, FIRST, SECOND, SILENT)
SILENT_NAME = "Stille <b>ploeg</b> & co"
TEAM_LEVEL = "team <img src=x onerror=window.__canary=1>"
MEASURE = "profit</text><script>window.__canary=1</script>"
TABLES = ("units", "employee_answers", "items", "invited", "customer_answers", "outcomes", "employments", "actions")
# Business units by country, with their number of teams.
TREE = {"NL": {FIRST: 6, SECOND: 6, "b3": 2}, "BE <x>": {"b4": 2, "b5": 2, "B5": 2}, "لبنان": {"COM1": 2, "b8": 2}}
# In one answer of a large team, and the forms in which a page could print it.
ODD = {
    "weight": 0.7310585786,
    "satisfaction": 6.2831853072,
    "item": 4.3219876543,
    "sincerity": 2.7182818285,
    "customer weight": 1.6180339887,
    "baseline": 43.2109876543,
}
# Of the silent team alone.
SILENT_OUTCOME, SILENT_TARGET = 987654.25, 876543.75


def canary(kind, numbers):
    return [f"CANARY-{kind}-{number}" for number in numbers]


def write_dataset(folder, *, seed=1):
    """Write the dataset; the same seed gives the same answers."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    units = _units()
    moods = _moods(units, rng)
    employees, customers = _employees(moods, rng), _customers(moods, rng)
    tables = {
        "units": units,
        "employee_answers": employees,
        "items": _items(),
        "invited": _invited(employees),
        "customer_answers": customers,
        "outcomes": _outcomes(moods, rng),
        "employments": _employments(units),
        "actions": _actions(),
    }
    for name in TABLES:
        _write(tables[name], folder / _file(name))
    (folder / "dataset.toml").write_text(to_toml(settings()), "utf-8")


def settings():
    title = f"</title><script>window.__canary=1</script> {TEMPLATES['jinja']} \"x' onload='window.__canary=1"
    return {
        "title": title,
        "language": "nl",
        "synthetic": True,
        "source": " ".join(text for text in PAYLOADS.values() if text.isprintable() and len(text) < 1000),
        "licence": f"{SHEETS['hyperlink']} <!-- {TEMPLATES['vue']}",
        "periods_per_year": 1,
        "min_group": 10,
        "disclosure": "gate",
        "measures": {"employee": "enps", "customer": "nps", "engagement": "engagement", "outcomes": [MEASURE, "nps"]},
        "levels": {"panel": "business unit", "quartile": TEAM_LEVEL, "report": TEAM_LEVEL},
        "smallest_effect": {"value": 0.1, "unit": "sd"},
        "tables": {name: _file(name) for name in TABLES},
    }


def _file(name):
    return f"{name}.parquet" if name in ("units", "employee_answers") else f"{name}.csv"


def _write(table, path):
    table.to_parquet(path, index=False) if path.suffix == ".parquet" else table.to_csv(path, index=False)


def _units():
    rows = [(ROOT, None, "organisation")]
    for country, below in TREE.items():
        rows += [(country, ROOT, "country"), *((unit, country, "business unit") for unit in below)]
    numbers = itertools.count()
    for unit, size in itertools.chain.from_iterable(below.items() for below in TREE.values()):
        rows += [(f"t{next(numbers)}", unit, TEAM_LEVEL) for _ in range(size)]
    units = pd.DataFrame(rows, columns=["unit_id", "parent_id", "level"]).replace({"unit_id": {"t2": SILENT}})
    # Letters and places first: they become the names of what is above the teams.
    names = itertools.cycle((LETTERS | PLACES | PAYLOADS).values())
    units["name"] = [SILENT_NAME if unit == SILENT else next(names) for unit in units["unit_id"]]
    units["industry"] = canary("industry", range(len(units)))
    units["country"] = "<script>window.__canary=1</script>"
    return units


def _moods(units, rng):
    """Give the mood of each team in each year, the customers' two years behind, with sizes of the groups."""
    teams = units.loc[units["level"] == TEAM_LEVEL, "unit_id"].tolist()
    rows = []
    for team in teams:
        walk = rng.normal(0, 0.5) + np.cumsum(rng.normal(0, 0.4, len(YEARS) + 2))
        n = 4 if team == SILENT else int(rng.integers(14, 26))
        rows += [(team, str(year), walk[i + 2], walk[i], n) for i, year in enumerate(YEARS)]
    return pd.DataFrame(rows, columns=["unit_id", "period", "mood", "echo", "n"])


def _answers(moods, column, rng):
    """Repeat each team and year by its answers; give the answers from 0 to 10, all 0 in the silent team."""
    rows = moods.loc[moods.index.repeat(moods["n"])].reset_index(drop=True)
    answers = np.clip(np.round(7.4 + rows[column] + rng.normal(0, 2, len(rows))), 0, 10)
    return rows, answers.where(rows["unit_id"] != SILENT, 0).astype(int)


def _employees(moods, rng):
    rows, recommend = _answers(moods, "mood", rng)
    frame = rows[["unit_id", "period"]].assign(recommend=recommend, weight=1.0)
    frame["satisfaction"] = np.clip(recommend + rng.integers(-1, 2, len(rows)), 0, 10).astype(float)
    for item in _items()["item_id"]:
        frame[item] = np.clip(np.round(1 + recommend * 0.4 + rng.normal(0, 0.7, len(rows))), 1, 5)
    frame["person_key"] = canary("person", range(len(rows)))
    frame["shoe_size"] = canary("extra", range(len(rows)))
    odd = frame.index[frame["unit_id"] == "t1"][-5]
    frame.loc[odd, ["weight", "satisfaction", "q_engagement"]] = ODD["weight"], ODD["satisfaction"], ODD["item"]
    return frame


def _items():
    elements = [*BERSIN_ELEMENTS, "engagement", "obstacle"]
    texts = itertools.cycle(PAYLOADS.values())
    rows = [(f"q_{one}", next(texts), next(texts), 1, 5, one == "obstacle", one) for one in elements]
    rows.append(("<script>window.__canary=1</script>", next(texts), next(texts), 1, 5, False, "voice"))
    return pd.DataFrame(rows, columns=["item_id", "text_nl", "text_en", "scale_min", "scale_max", "reverse", "element"])


def _invited(employees):
    n = employees.groupby(["unit_id", "period"]).size().rename("n").reset_index()
    invited = n[["unit_id", "period"]].assign(n_invited=n["n"] + 9, headcount=n["n"] + 11)
    return invited.assign(stratum=canary("stratum", range(len(n))))


def _customers(moods, rng):
    rows, recommend = _answers(moods, "echo", rng)
    frame = rows[["unit_id", "period"]].assign(recommend=recommend, weight=1.0)
    frame["sincerity"] = recommend.astype(float)
    hostile = list(itertools.islice(itertools.cycle(_printable()), len(rows)))
    frame["satisfaction"] = np.clip(recommend + np.arange(len(rows)) % 3 - 1, 0, 10).astype(float)
    # Two of three name what many name, in hostile words short enough to be told; the others what only they do.
    told = itertools.cycle([text for text in _printable() if len(text) <= LONGEST_CODE][:3])
    own = canary("reason", range(len(rows)))
    frame["reason"] = [
        next(told) if row % 3 else f"{text} {key}" for row, (text, key) in enumerate(zip(hostile, own, strict=True))
    ]
    frame["comment"] = [f"{key} {text}" for text, key in zip(hostile, canary("comment", range(len(rows))), strict=True)]
    frame["moment"] = hostile
    odd = frame.index[frame["unit_id"] == "t1"][-7]
    frame.loc[odd, ["weight", "sincerity"]] = ODD["customer weight"], ODD["sincerity"]
    return frame


def _printable():
    """Give the texts that a CSV may hold, the long one left out for the sake of time."""
    return [text for text in PAYLOADS.values() if "\x00" not in text and len(text) < 1000]


def _outcomes(moods, rng):
    frame = moods[["unit_id", "period"]].assign(measure=MEASURE, unit="EUR <b>", ratio_scale=True, n=moods["n"])
    frame["value"] = np.round(100 + 9 * moods["mood"] + rng.normal(0, 4, len(moods)), 1)
    frame.loc[frame["unit_id"] == SILENT, "value"] = SILENT_OUTCOME
    return frame.assign(higher_is_better=True)


def _employments(units):
    teams = units.loc[units["level"] == TEAM_LEVEL, "unit_id"].tolist()
    frame = pd.DataFrame({"unit_id": teams, "start": "1987-11-13", "end": "2021-03-17", "exit_reason": "pay"})
    return frame.assign(exit_note=canary("exit", range(len(teams))))


def _actions():
    """Give each unit with a report eight actions, newest first, whose descriptions are hostile."""
    texts = itertools.cycle(_printable())
    places = [(unit, number) for unit in (ROOT, "t1", "t7") for number in range(8)] + [(SILENT, 9)]
    frame = pd.DataFrame(places, columns=["unit_id", "number"])
    frame["start"] = [date(2023 - (unit != ROOT), 1, 1 + number).isoformat() for unit, number in places]
    frame = frame.assign(description=[next(texts) for _ in places], due="2024-06-01", communicated_on="")
    frame = frame.assign(element="", baseline=ODD["baseline"], measure=MEASURE, target=110.0)
    frame.loc[frame["unit_id"] == SILENT, ["target", "description"]] = SILENT_TARGET, "<b>Luisteren</b> {{x}}"
    for column, kind in {"action_id": "action", "owner_role": "owner", "programme": "programme"}.items():
        frame[column] = canary(kind, range(len(frame)))
    return frame.drop(columns="number")
