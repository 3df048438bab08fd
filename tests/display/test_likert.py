"""Answers run both ways from the middle, with their figures in words, and only what passed the gate is drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from made_up import GATE, HOSTILE, PUBLISHED, UNITS, passed

import helpers.publish
from helpers.display.driver_charts import answers_chart, answers_table
from helpers.display.plots import plot_likert
from helpers.display.plots.style import DIVERGING, INK, NARROW, PAPER, WIDE
from helpers.display.wording import Words
from helpers.display.wording.answer_shares import FIVE, THREE, answers_alt
from helpers.display.wording.paragraph import LONGEST_SENTENCE
from helpers.release import ReleasedTable

EN, NL = Words("en"), Words("nl")
LONG = "Mijn leidinggevende luistert naar wat ik zeg en doet er zichtbaar iets mee in ons werk."
PAGE_CSS = Path(helpers.publish.__file__).parent / "template/page.css"


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def answers(
    *shares: tuple[float, ...],
    n: float | list[float] = 240,
    categories: tuple[str, ...] = THREE,
    rules: Mapping[str, object] = GATE,
    **more: object,
) -> ReleasedTable:
    """Questions q0, q1, ... with these shares."""
    counts = n if isinstance(n, list) else [n] * len(shares)
    rows = [
        {"unit_id": "north", "period": "2024", "measure": f"q{number}", "category": category, "estimate": share}
        | {"n": counts[number]}
        | more
        for number, each in enumerate(shares)
        for category, share in zip(categories, each, strict=True)
    ]
    return passed(pd.DataFrame(rows), UNITS, **rules)


def texts(ax: plt.Axes) -> list[str]:
    return [text.get_text() for text in ax.figure.findobj(plt.Text) if text.get_text()]


def parts(ax: plt.Axes) -> list[tuple[float, float]]:
    """Start and end of each part of a bar."""
    return [(part.get_x(), part.get_x() + part.get_width()) for part in ax.patches]


def test_the_middle_of_the_neutral_answers_stands_on_the_line():
    for low, high in parts(plot_likert(answers((0.1, 0.3, 0.6), (0.5, 0.2, 0.3)), EN))[1::3]:
        assert low + high == pytest.approx(0)


def test_parts_follow_each_other_in_the_order_of_the_answers():
    ax = plot_likert(answers((0.1, 0.2, 0.3, 0.3, 0.1), categories=FIVE), EN)
    assert all(left[1] <= right[0] for left, right in pairwise(parts(ax)))
    assert [round(high - low, 1) for low, high in parts(ax)] == [0.1, 0.2, 0.3, 0.3, 0.1]


@pytest.mark.parametrize("extreme", [(1, 0, 0), (0, 1, 0), (0, 0, 1)])
def test_all_answers_alike_are_one_long_bar_that_does_not_say_so(extreme: tuple[int, ...]):
    ax = plot_likert(answers(extreme), EN)
    assert len(ax.patches) == 2 and {"0%", "98%"} <= set(texts(ax)) and "100%" not in texts(ax)


def test_of_five_answers_the_sums_of_both_sides_stand_beside_the_bar():
    ax = plot_likert(answers((0.11, 0.12, 0.2, 0.26, 0.31), categories=FIVE), EN)
    assert {"23%", "11%", "12%", "20%", "26%", "31%", "57%"} <= set(texts(ax))
    assert "Beside the bars: all unfavourable and all favourable answers" in texts(ax)


def test_a_figure_without_room_inside_its_part_is_left_to_the_table():
    table = answers((0.02, 0.03, 0.04, 0.01, 0.9), categories=FIVE, n=2400)
    assert not {"2%", "3%", "4%"} & set(texts(plot_likert(table, EN)))
    assert all(f">{share}%<" in answers_table(table, EN).html for share in (2, 3, 4))


def test_every_category_has_its_word_in_the_key():
    table = answers((0.2, 0.2, 0.2, 0.2, 0.2), categories=FIVE)
    assert {"zeer ongunstig", "ongunstig", "neutraal", "gunstig", "zeer gunstig"} <= set(texts(plot_likert(table, NL)))


def test_a_hidden_question_keeps_its_row_and_shows_nothing():
    table = answers((0.25, 0.25, 0.5), (0.13, 0.17, 0.7), n=[240, 6])
    ax = plot_likert(table, NL)
    assert "niet getoond" in texts(ax) and not {"13%", "17%", "70%"} & set(texts(ax))
    assert len(ax.get_yticks()) == 2 and "niet getoond" in answers_table(table, NL).html


def test_a_question_that_was_not_asked_says_so():
    nothing = float("nan")
    ax = plot_likert(answers((0.2, 0.3, 0.5), (nothing, nothing, nothing)), EN)
    assert "not measured" in texts(ax)


def test_the_number_of_answers_stands_once_or_with_each_question():
    once = " ".join(texts(plot_likert(answers((0.2, 0.3, 0.5)), EN)))
    assert "240 answers per question" in once.replace("\xa0", " ")
    apart = " ".join(texts(plot_likert(answers((0.2, 0.3, 0.5), (0.2, 0.3, 0.5), n=[240, 12]), EN)))
    told = apart.replace("\xa0", " ")
    assert "(240 answers)" in told and "(10 to 14 answers)" in told and "12 " not in told


def test_it_is_said_that_answers_of_few_people_are_evened_out_unless_they_were_published():
    note = "Answers that few people gave have their mean share"
    assert note in answers_table(answers((0.2, 0.3, 0.5)), EN).html
    assert note not in answers_table(answers((0.2, 0.3, 0.5), rules=PUBLISHED), EN).html


def test_questions_keep_the_order_of_the_table():
    table, names = answers((0.8, 0.1, 0.1), (0.1, 0.1, 0.8)), {"q0": "Zet", "q1": "Aap"}
    said = texts(plot_likert(table, EN, names=names))
    assert said.index("Zet") < said.index("Aap")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_twenty_four_long_questions_fit_on_a_desk_and_on_a_phone(width: int):
    shares = np.random.default_rng(1).dirichlet([1, 2, 3, 4, 3], 24)
    table = answers(*map(tuple, shares), categories=FIVE)
    with plt.rc_context({"figure.figsize": (width / 72, 3)}):
        ax = plot_likert(table, NL, names={f"q{number}": f"{LONG[:-1]} ({number})" for number in range(24)})
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert min(box.x0 for box in boxes) >= 0 and max(box.x1 for box in boxes) <= width
    names = sorted(
        (text.get_window_extent() for text in ax.texts if text.get_text()[0].isupper()), key=lambda box: -box.y0
    )
    assert all(upper.y0 >= lower.y1 - 1 for upper, lower in pairwise(names[2:]))


def test_the_alternative_text_names_the_most_and_the_least_favourable():
    table, names = (
        answers((0.1, 0.2, 0.7), (0.5, 0.2, 0.3), (0.2, 0.2, 0.6), n=[240, 240, 5]),
        {"q0": LONG, "q1": "Kort."},
    )
    assert answers_alt(table, NL, names=names) == (
        "Antwoorden op 2 vragen. "
        f"Het gunstigst in deze antwoorden: “{LONG[:-1]}”, 70% gunstig, 20% neutraal, 10% ongunstig. "
        "Het minst gunstig in deze antwoorden: “Kort”, 30% gunstig, 20% neutraal, 50% ongunstig. "
        "Van 1 vraag zijn geen aandelen te tonen."
    )
    sentences = re.split(r"(?<=\.)\s", answers_alt(table, EN, names=names))
    assert max(len(sentence.split()) for sentence in sentences) <= LONGEST_SENTENCE


def test_the_chart_stands_beside_its_table_and_is_left_out_when_all_is_hidden():
    chart = answers_chart(answers((0.1, 0.2, 0.7)), EN, names={"q0": LONG})
    assert chart is not None and LONG in chart.table.html
    assert "Answers of Klantenservice Zakelijk &amp; Particulier Noord in 2024" in chart.table.html
    assert answers_chart(answers((0.1, 0.2, 0.7), n=5), EN) is None


def test_a_hostile_question_stays_a_question():
    chart = answers_chart(answers((0.1, 0.2, 0.7)), EN, names={"q0": HOSTILE[0]})
    assert "<script" not in chart._repr_html_() and "&lt;script&gt;" in chart.wide


def test_raw_shares_of_a_unit_are_refused():
    with pytest.raises(TypeError, match="plot_likert must get a ReleasedTable; found DataFrame"):
        plot_likert(answers((0.1, 0.2, 0.7)).frame, EN)


def test_an_answer_of_another_scale_is_refused():
    with pytest.raises(ValueError, match=r"category must be one of strongly_unfavourable, .*; found 'perhaps'"):
        plot_likert(answers((0.1, 0.2, 0.7), categories=("unfavourable", "neutral", "perhaps")), EN)


def test_a_category_without_its_row_is_refused():
    with pytest.raises(ValueError, match=r"q0 must have one row per category .*; found unfavourable, favourable"):
        plot_likert(answers((0.3, 0.7), categories=("unfavourable", "favourable")), EN)


def test_shares_that_are_no_whole_are_refused():
    with pytest.raises(ValueError, match=r"shares of q0 must be 0 or more and add up to 1; found 0\.9"):
        plot_likert(answers((0.1, 0.2, 0.6)), EN)


def test_answers_of_two_periods_are_refused():
    both = pd.concat([answers((0.1, 0.2, 0.7), period=year).frame for year in ("2023", "2024")], ignore_index=True)
    with pytest.raises(ValueError, match=r"table must hold one period; found 2\. Use where\(\)"):
        plot_likert(passed(both.drop(columns=["released", "hidden_by"]), UNITS, **GATE), EN)


def luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def schemes() -> list[dict[str, str]]:
    """Colours of the page by name, light and dark."""
    blocks = re.findall(r":root \{(.*?)\}", PAGE_CSS.read_text(encoding="utf-8"), re.S)
    return [dict(re.findall(r"--([\w-]+): (#\w{6})", block)) for block in blocks]


@pytest.mark.parametrize("scheme", schemes(), ids=["light", "dark"])
def test_parts_stand_out_from_the_page_and_figures_can_be_read_on_them(scheme: dict[str, str]):
    colours = [scheme[f"div-{number}"] for number in (1, 2, 3, 4)]
    assert min(contrast(colour, scheme["paper"]) for colour in colours) >= 3
    assert contrast(scheme["muted"], scheme["paper"]) >= 3
    assert min(contrast(colours[outer], scheme["paper"]) for outer in (0, 3)) >= 4.5
    assert min(contrast(colours[inner], scheme["ink"]) for inner in (1, 2)) >= 4.5


def test_a_page_without_the_colours_shows_those_of_a_light_page():
    light = schemes()[0]
    assert tuple(light[f"div-{number}"] for number in (1, 2, 3, 4)) == DIVERGING
    assert (light["paper"], light["ink"]) == (PAPER, INK)
