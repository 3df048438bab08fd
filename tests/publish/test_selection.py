"""A reader gets the story; the craft stays with the researcher."""

from nbformat import v4

from helpers.publish.selection import for_readers


def shown(*cells):
    return [cell.source for cell in for_readers(v4.new_notebook(cells=list(cells))).cells]


def prose(text, *tags):
    return v4.new_markdown_cell(text, metadata={"tags": list(tags)})


def code(source, *, shows):
    return v4.new_code_cell(source, outputs=[html("<p>…</p>")] if shows else [])


def html(text):
    return v4.new_output("display_data", {"text/html": text})


def test_cells_for_researchers_are_left_out():
    assert shown(prose("# Why?"), prose("The tools.", "researcher"), prose("Because.")) == ["# Why?", "Because."]


def test_prose_goes_with_the_output_it_introduces():
    assert shown(prose("Beside the whole:", "with-next"), code("chart", shows=False)) == ["chart"]
    assert shown(prose("Beside the whole:", "with-next"), code("chart", shows=True)) == ["Beside the whole:", "chart"]


def test_prose_at_the_end_that_introduces_nothing_goes():
    assert shown(prose("Beside the whole:", "with-next")) == []


def test_a_sentence_without_words_counts_as_nothing():
    silent = v4.new_code_cell("say", outputs=[html(""), html("\n")])
    assert shown(prose("So much must change to show:", "with-next"), silent) == ["say"]


def test_a_chart_that_has_nothing_to_show_counts_as_nothing():
    nothing = v4.new_output("display_data", {"text/plain": "None"})
    silent = v4.new_code_cell("chart", outputs=[html(""), nothing])
    assert shown(prose("Beside the whole:", "with-next"), silent) == ["chart"]
