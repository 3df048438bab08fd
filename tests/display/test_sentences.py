"""Sentences in every situation, in both languages, against the file that native readers went through."""

from __future__ import annotations

import ast
import re
import warnings
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from made_up import HOSTILE, UNITS, effect, gap, released, score
from situations import FOLDER, PHRASES, SITUATIONS, SUBJECTS, snapshot, snapshot_file

from helpers.display.wording import Words, cautions, effects, quartile_answers, quartile_method, units
from helpers.display.wording.amounts import amount_text
from helpers.display.wording.cautions import LEAST_CLUSTERS
from helpers.display.wording.lags import Claim
from helpers.display.wording.paragraph import LONGEST_SENTENCE, paragraph
from helpers.display.wording.scores import change_text
from helpers.display.wording.standing import standing
from helpers.stats import cluster_robust, quartiles
from helpers.stats.estimates import NotApplicable

PACKAGE = Path(__file__).parents[2] / "src/helpers"
LEAST_SITUATIONS = 60
EFFECTIVE = ("engagement", "enps", "nps", "leadership", "customer_satisfaction", "turnover", "revenue_growth")
# Words that no Dutch sentence holds.
ENGLISH = r"\b(the|of the|which|whether|than|there|units?|answers?|employees|customers|higher|lower|with|here)\b"
LANGUAGES = pytest.mark.parametrize("language", ["en", "nl"])
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý0-9]|eNPS)")


@cache
def told(language: str) -> dict[str, str]:
    """Every situation and phrase as it stands on a page; put into words once for all tests that read it."""
    words = Words(language)
    return {name: say(words) for name, say in (SITUATIONS | PHRASES).items()}


def said(language: str) -> dict[str, str]:
    return {name: told(language)[name].striptags() for name in SITUATIONS}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_sentences_are_those_that_were_read_and_approved(subject: str):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert snapshot(subject) == snapshot_file(subject).read_text(encoding="utf-8")


def test_sixty_situations_are_told_in_both_languages():
    english, dutch = said("en"), said("nl")
    assert len(SITUATIONS) >= LEAST_SITUATIONS
    assert not [name for name in SITUATIONS if not english[name] or not dutch[name] or english[name] == dutch[name]]


def test_no_english_is_left_in_dutch():
    phrases = {name: str(told("nl")[name]) for name in PHRASES}
    found = {name: re.findall(ENGLISH, text) for name, text in (said("nl") | phrases).items()}
    assert not {name: words for name, words in found.items() if words}


def test_every_reason_why_a_method_does_not_apply_is_among_the_situations():
    calls = (
        node
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("NotApplicable", "ToldAbove")
    )
    # Parsed, so that a reason over two lines is one text.
    texts = (ast.walk(ast.parse(path.read_text(encoding="utf-8"))) for path in FOLDER.glob("*.py"))
    shown = {node.value for nodes in texts for node in nodes if isinstance(node, ast.Constant)}
    assert not [call.args[0].value for call in calls if call.args[0].value not in shown]


@LANGUAGES
def test_nothing_has_two_spaces_or_a_place_left_open(language: str):
    for name, text in told(language).items():
        assert not re.search(r"\s{2}|[{}]|\s[.,;:)]|\(\s|\(\)", str(text)), name


@LANGUAGES
def test_the_level_and_its_interval_stay_on_one_line(language: str):
    for name in SITUATIONS:
        assert not re.search(r"% interval|%-interval|\d points?\b", told(language)[name]), name


@LANGUAGES
def test_no_sentence_is_longer_than_thirty_words(language: str):
    for name, text in said(language).items():
        assert max(len(sentence.split()) for sentence in SENTENCE_END.split(text)) <= LONGEST_SENTENCE, name


@LANGUAGES
def test_every_paragraph_starts_and_ends_like_a_sentence(language: str):
    for name, text in said(language).items():
        assert re.match(r"[“‘]?[A-Z0-9]|eNPS", text) and text.endswith("."), name


@LANGUAGES
def test_no_figure_is_missing_or_with_a_hyphen_for_a_minus(language: str):
    for name, text in told(language).items():
        assert not re.search(r"nan|None|(?<![\w%])-\d", str(text)), name


@LANGUAGES
def test_the_bounds_of_an_interval_have_equal_decimals(language: str):
    number = r"[+−]?[\d.,]*\d"
    bounds = re.compile(rf"({number})%? (?:to|tot) ({number})")
    point = "," if language == "nl" else "."
    for name, text in said(language).items():
        for low, high in bounds.findall(text):
            assert len(low.partition(point)[2]) == len(high.partition(point)[2]), (name, low, high)


@LANGUAGES
def test_nothing_below_grade_b_says_that_one_thing_causes_another(language: str):
    claims = r"\bcauses\b|\bdrives\b|\bleads to\b|\bveroorzaakt\b|\bleidt tot\b"
    ungraded = [text for name, text in said(language).items() if name not in ("grade A", "grade B")]
    assert not re.search(claims, " ".join(ungraded))


def test_paragraphs_show_themselves_in_notebooks():
    shown = SITUATIONS["headline: both hidden"](Words("en"))._repr_html_()
    assert shown == "<p>The figures are not shown, to protect small groups.</p>"


def test_a_hostile_name_is_escaped_in_a_sentence():
    named = UNITS.assign(name=UNITS["name"].where(UNITS["unit_id"] != "all", HOSTILE[0]))
    table = released(score(), score("all", estimate=8, n=4000), units=named)
    text = units.position(table, Words("en"), unit_id="north", reference_id="all", measure="enps")
    assert "&lt;script&gt;" in text and "<script" not in text


def test_a_name_cannot_turn_the_direction_of_the_text_beside_it():
    named = UNITS.assign(name=UNITS["name"].where(UNITS["unit_id"] != "all", "Voor\u202ebeeld\u2066\u0007"))
    table = released(score(), score("all", estimate=8, n=4000), units=named)
    text = units.position(table, Words("en"), unit_id="north", reference_id="all", measure="enps")
    assert "the 8 of Voorbeeld as a whole." in text


def test_the_headline_of_an_earlier_period_is_not_called_the_last():
    table = released(score(period="2023"), score(period="2024"), score("all", period="2024"))
    assert "last wave" not in units.headline(table, Words("en"), unit_id="north", period="2023")
    assert "last wave" not in units.headline(table, Words("en"), unit_id="north")


def test_chance_among_many_outcomes_is_told_only_where_there_is_an_interval():
    scales = [gap(one, scale=scale) for one in ("profit", "absence") for scale in ("sd", "percent")]
    rows = pd.DataFrame(scales).assign(verdict="yes", because="")
    bare = rows.assign(ci_low=float("nan"), ci_high=float("nan"))
    told = [quartile_answers.quartile_answers(each, Words("en"), outcomes=["profit"]) for each in (rows, bare)]
    assert ["by itself" in blocks[-1] for blocks in told] == [True, False]


def test_a_unit_stands_where_its_probability_says():
    shares = {0.0: "almost certainly below", 0.3: "70% likely", 0.46: "as likely", 0.5: "as likely", 0.55: "55%"}
    for share, part in (shares | {0.989: "99% likely", 0.99: "almost certainly above"}).items():
        row = {"measure": "enps", "p_above_median": share, "n_units": 24}
        assert part in standing(row, Words("en"))


def test_a_share_is_no_percentage():
    with pytest.raises(ValueError, match="p_above_median must lie between 0 and 1; found 72"):
        standing({"measure": "enps", "p_above_median": 72, "n_units": 24}, Words("en"))


def test_few_means_the_same_in_words_as_in_the_estimators():
    assert LEAST_CLUSTERS == quartiles.MIN_CLUSTERS == cluster_robust.MIN_CLUSTERS


def test_sentences_about_units_refuse_what_did_not_pass_the_gate():
    raw = released(score()).frame
    for say in (units.headline, units.position, units.visible_change):
        more = {} if say is units.headline else {"measure": "enps"}
        more |= {"reference_id": "all"} if say is units.position else {}
        with pytest.raises(TypeError, match=f"{say.__name__} must get a ReleasedTable; found DataFrame"):
            say(raw, Words("en"), unit_id="north", **more)


def test_a_unit_without_scores_has_no_headline():
    with pytest.raises(NotApplicable, match="There are no scores for west"):
        units.headline(released(score()), Words("en"), unit_id="west")


def test_the_headline_stays_with_the_latest_wave_when_one_measure_stops():
    table = released(score(period="2023", measure="nps", estimate=30), score(period="2024"))
    assert "NPS was not measured" in units.headline(table, Words("en"), unit_id="north")


def test_a_bound_beyond_the_scale_is_shown_at_its_end():
    table = released(score(estimate=97, half=8))
    assert "95%\u00a0interval 89 to 100" in units.headline(table, Words("en"), unit_id="north")


def test_effects_are_told_per_ten_points_or_per_standard_deviation():
    in_points, in_sd = Claim("enps", "nps", 2), Claim("teacher_climate", "nps", 2)
    assert effects.effect_of(effect(), in_points) == pytest.approx([4.0, 2.1, 5.9])
    assert effects.effect_of(effect(), in_sd) == pytest.approx([0.6, 0.315, 0.885])


def test_a_bound_that_rounds_to_zero_shows_on_which_side_it_lies():
    row = score(measure="response_rate", estimate=0.66, half=0.06, change=-0.083, change_half=0.079)
    assert change_text(row, Words("en")) == "−8.3\u00a0percentage points, 95%\u00a0interval −16.2 to −0.4"


def test_a_change_has_the_decimals_of_its_value():
    row = score(measure="profit", estimate=11.34, half=1.5, change=-0.627, change_half=0.3)
    assert change_text(row, Words("en"), level=False) == "−0.6 (−0.9 to −0.3)"


def test_the_reverse_claim_swaps_the_measures_and_keeps_the_lag():
    assert Claim("enps", "nps", 3, 2).reverse == Claim("nps", "enps", 3, 2)


@pytest.mark.parametrize(
    ("x", "y", "sign"), [("enps", "nps", 1), ("engagement", "mortality_index", -1), ("turnover", "absence", 1)]
)
def test_a_claim_is_of_a_fall_where_the_better_ends_differ(x, y, sign):
    assert Claim(x, y, 2).sign == Claim(x, y, 2).reverse.sign == sign


def test_a_small_gap_gets_a_decimal_so_that_its_interval_can_be_seen():
    say = SITUATIONS["quartiles: no, too small"]
    assert "+0.4%" in say(Words("en"))


def test_what_may_be_at_an_end_is_listed_from_that_end_on():
    said = SITUATIONS["moments: neither end"](Words("en"))
    assert "highest cannot be told. It is one of these: use and service." in said
    assert "lowest cannot be told. It is one of these: website and delivery." in said


def test_nothing_to_say_leaves_no_trace_on_the_page():
    assert paragraph()._repr_html_() == ""
    assert quartile_method.tie_sentence(Words("en"), top_share=float("nan"), bottom_share=float("nan")) == ""


@pytest.mark.parametrize(("language", "name"), [("en", "staff turnover"), ("nl", "personeelsverloop")])
def test_lags_that_cannot_be_told_apart_go_by_the_name_of_their_measure(language: str, name: str):
    reason = "What goes with {columns} cannot be told apart in these data."
    said = cautions.not_applicable(reason, {"columns": "turnover, turnover_lag1, turnover_lead1"}, Words(language))
    assert name in said and "_" not in said and "lag" not in said


def snapshot_lines(language: str) -> list[str]:
    """All sentences and phrases that were approved, in one language."""
    files = [snapshot_file(subject).read_text(encoding="utf-8") for subject in SUBJECTS]
    lines = [line for text in files for line in text.splitlines()]
    return [line[6:] for line in lines if line.startswith(f"  {language}  ")]


@LANGUAGES
def test_an_apostrophe_is_curly_and_only_double_marks_quote(language: str):
    lines = snapshot_lines(language)
    assert len(lines) > 10 * LEAST_SITUATIONS
    assert not [line for line in lines if re.search(r"[A-Za-z]'|'[A-Za-z]|‘|\"", line)]
    assert any("’" in line for line in lines)


def test_percentage_points_are_one_only_beside_a_bare_one():
    figures = [re.findall(r"([\d.,]+)\s(percentage points?)", line) for line in snapshot_lines("en")]
    told = {pair for found in figures for pair in found}
    assert len(told) > 10
    assert not [figure for figure, unit in told if (unit == "percentage point") != (figure == "1")]


def test_a_figure_of_percentage_points_is_singular_in_dutch_as_percent_is():
    lines = snapshot_lines("nl")
    assert sum(" procentpunt" in line.replace("\u00a0", " ") for line in lines) > 10
    assert not [line for line in lines if re.search(r"\d\sprocentpunten", line)]


def test_a_figure_with_decimals_is_plural_in_english_and_singular_in_dutch():
    for language, told in {"en": ["1 point", "1.0 points"], "nl": ["1 punt", "1,0 punt"]}.items():
        words = Words(language)
        shown = [amount_text(1.0, words, "nps"), amount_text(1.0, words, "nps", decimals=1)]
        assert [str(one).replace("\u00a0", " ") for one in shown] == told
    assert amount_text(2.0, Words("nl"), "nps", decimals=1) == "2,0\u00a0punt"
    assert amount_text(2.0, Words("nl"), "nps") == "2\u00a0punten"


@LANGUAGES
def test_one_measure_is_never_said_to_have_an_effect_on_another(language: str):
    """What these designs show is a link; an effect is said of choices, of actions, and of no measure."""
    form = {"en": r"[Ee]ffects? of {}", "nl": r"[Ee]ffect(en)? van {}"}[language]
    named = [str(Words(language).measure(one, definite=definite)) for one in EFFECTIVE for definite in (True, False)]
    claims = re.compile("|".join(form.format(re.escape(name)) for name in named))
    assert not [line for line in snapshot_lines(language) if claims.search(line)]
