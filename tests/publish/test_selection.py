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


POINTER = '<p class="pointer">Not known, for the reason given above.</p>'


def pointing(source="say"):
    return v4.new_code_cell(source, outputs=[html(POINTER), html("")])


def test_a_section_points_once_to_a_reason_given_above_and_introduces_nothing_there():
    page = [prose("## How sure?\n\n### By model?\n\nThe lines show two models."), pointing("models")]
    page += [prose("### By unit?\n\nThe lines show units."), pointing("units")]
    page += [prose("## Otherwise?\n\n### By chance?\n\nThe lines show chance."), pointing("chance")]
    kept = ["## How sure?\n\n### By model?", "models", "## Otherwise?\n\n### By chance?", "chance"]
    assert shown(*page) == kept


def test_prose_of_its_own_goes_with_the_pointer_it_introduces():
    answer = [prose("## Answer"), code("answer", shows=True)]
    assert shown(*answer, prose("The lines show it."), pointing()) == ["## Answer", "answer"]


def test_a_heading_stays_where_something_is_shown_further_down_below_it():
    first = [prose("## Answer\n\n### When?\n\nAs recorded."), pointing("when")]
    second = [prose("### Why?\n\nAs recorded."), pointing("why")]
    more = [prose("Where published, that follows."), code("published", shows=True)]
    kept = ["## Answer\n\n### When?", "when", "### Why?", "Where published, that follows.", "published"]
    assert shown(*first, *second, *more) == kept
    assert shown(*first, *second, prose("### Who?"), code("who", shows=True))[2:] == ["### Who?", "who"]


def test_a_pointer_beside_something_else_stays_as_it_is():
    both = v4.new_code_cell("both", outputs=[html(f"{POINTER}\n<p>More.</p>")])
    page = [prose("## Answer\n\nThe first."), pointing(), prose("### Next?\n\nThe second."), both]
    assert shown(*page)[2:] == ["### Next?\n\nThe second.", "both"]


def test_what_was_chosen_for_readers_once_is_not_changed_by_choosing_again():
    page = [prose("## Sure?\n\nThe first."), pointing(), prose("### Next?\n\nThe second."), pointing()]
    notebook = for_readers(v4.new_notebook(cells=page))
    chosen = [cell.source for cell in notebook.cells]
    assert [cell.source for cell in for_readers(notebook).cells] == chosen == ["## Sure?", "say"]
