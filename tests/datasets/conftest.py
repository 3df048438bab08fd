"""A dataset small enough to read at a glance, of which a test spoils one thing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

SETTINGS = {
    "title": '"Voorbeeld"',
    "language": '"nl"',
    "synthetic": "true",
    "periods_per_year": "1",
    "measures.employee": '"enps"',
    "measures.customer": '"nps"',
    "measures.engagement": '"engagement"',
    "measures.outcomes": '["profit", "nps"]',
    "levels.panel": '"country"',
    "levels.quartile": '"team"',
    "levels.report": '"team"',
    "smallest_effect.value": "0.1",
    "smallest_effect.unit": '"sd"',
}
TABLES = {
    "units": """unit_id,name,parent_id,level
001,Voorbeeld,,organisation
010,Noord,001,country
011,Team A,010,team
012,Team B,010,team
""",
    "employee_answers": """unit_id,period,recommend,q1,q2,person_key,shoe_size
011,2023,9,4,2,p1,43
011,2024,,5,1,p1,44
012,2024,0,,3,p2,
""",
    "items": """item_id,text_nl,text_en,scale_min,scale_max,reverse,element
q1,Ik ga met plezier naar mijn werk.,I like going to work.,1,5,false,engagement
q2,Het systeem zit in de weg.,,1,5,true,obstacle
""",
    "invited": """unit_id,period,n_invited,headcount
011,2023,12,12
011,2024,11,12
012,2024,8,9
""",
    "customer_answers": """unit_id,date,recommend,repurchase,comment
011,2024-03-01,10,1,Prima
012,2024-12-31,3,0,
""",
    "outcomes": """unit_id,period,measure,value,unit,ratio_scale,higher_is_better
011,2024,profit,12.5,%,true,true
012,2024,profit,,%,true,true
""",
    "absence": """unit_id,period,headcount,n_spells,days,days_largest,days_second
011,2024,12,9,40,20,10
""",
    "employments": """unit_id,start,end,exit_reason
011,2020-01-01,2024-05-31,pay
012,2021-02-01,,
""",
    "actions": """\
action_id,unit_id,element,programme,description,owner_role,measure,baseline,target,communicated_on,start,due
a1,011,voice,voice,Talk weekly,manager,enps,5,15,2024-01-01,2024-02-01,2024-12-31
""",
    "scores": """unit_id,period,measure,estimate,n,se
010,2022,enps,12,,
""",
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a dataset; ``None`` leaves a key out, bytes are written as they are."""

    def write_dataset(settings: dict[str, str | None] | None = None, **tables: str | bytes) -> Path:
        tables = tables if "units" in tables else {"units": TABLES["units"]} | tables
        paths = {f"tables.{name}": f'"{name}.csv"' for name in tables}
        keys = SETTINGS | paths | (settings or {})
        for name, cells in tables.items():
            (tmp_path / f"{name}.csv").write_bytes(cells if isinstance(cells, bytes) else cells.encode())
        lines = [f"{key} = {value}" for key, value in keys.items() if value is not None]
        (tmp_path / "dataset.toml").write_text("\n".join(lines))
        return tmp_path

    return write_dataset


@pytest.fixture
def tables() -> dict[str, str]:
    """Every table of the contract, without a fault."""
    return dict(TABLES)
