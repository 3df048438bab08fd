import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.datasets.hierarchy import Hierarchy, cycles


def make_units(*rows):
    return pd.DataFrame(rows, columns=["unit_id", "name", "parent_id", "level"]).astype("str")


@pytest.fixture
def tree():
    return Hierarchy(
        make_units(
            ("all", "All", None, "organisation"),
            ("nl", "Nederland", "all", "country"),
            ("nl-1", "Team 1", "nl", "team"),
            ("nl-2", "Team 2", "nl", "team"),
            ("hq", "Head office", "all", "team"),
            ("be", "België", "all", "country"),
            ("be-1", "Team 3", "be", "team"),
        )
    )


def test_root_children_name_and_level_are_those_of_the_table(tree):
    assert tree.root == "all"
    assert tree.children("all") == ["nl", "hq", "be"]
    assert tree.children("be-1") == []
    assert (tree.name("nl"), tree.level("nl")) == ("Nederland", "country")
    assert len(tree) == 7
    assert "nl" in tree and "de" not in tree


def test_a_subtree_runs_depth_first_and_starts_with_the_unit_itself(tree):
    assert tree.subtree("all") == ["all", "nl", "nl-1", "nl-2", "hq", "be", "be-1"]
    assert tree.subtree("nl") == ["nl", "nl-1", "nl-2"]


def test_a_path_runs_from_the_root_to_the_unit(tree):
    assert tree.path("be-1") == ["all", "be", "be-1"]
    assert tree.path("all") == ["all"]


def test_levels_run_from_top_to_bottom_also_when_a_branch_skips_one(tree):
    assert tree.levels == ["organisation", "country", "team"]


def test_units_of_a_level_can_be_taken_below_a_unit(tree):
    assert tree.at_level("team") == ["nl-1", "nl-2", "hq", "be-1"]
    assert tree.at_level("team", below="nl") == ["nl-1", "nl-2"]
    assert tree.at_level("country", below="nl") == ["nl"]


def test_the_closure_pairs_every_unit_with_all_above_it_and_itself(tree):
    pairs = set(tree.closure.itertuples(index=False, name=None))
    assert pairs == {(above, unit) for unit in tree.subtree("all") for above in tree.path(unit)}
    assert tree.closure.dtypes.tolist() == ["str", "str"]


def test_the_organisation_is_the_nearest_of_that_level_else_the_root(tree):
    assert tree.organisation("be-1") == "all"
    flat = Hierarchy(make_units(("sector", "S", None, "sector"), ("acme", "A", "sector", "organisation")))
    assert flat.organisation("acme") == "acme"
    assert flat.organisation("sector") == "sector"


def test_the_column_organisation_goes_before_the_tree(tree):
    units = tree.units.assign(organisation=[None, None, "acme", *[None] * 4])
    hierarchy = Hierarchy(units)
    assert hierarchy.organisation("nl-1") == "acme"
    assert hierarchy.organisation("nl-2") == "all"


def test_a_chain_of_thousands_of_units_does_not_exhaust_the_stack():
    rows = [(str(i), "x", str(i - 1) if i else None, "level") for i in range(5_000)]
    assert len(Hierarchy(make_units(*rows)).subtree("0")) == 5_000


def test_no_root_and_two_roots_are_refused():
    with pytest.raises(ValueError, match=r"units must have exactly one root.*found none"):
        Hierarchy(make_units(("a", "A", "b", "x"), ("b", "B", "a", "x")))
    with pytest.raises(ValueError, match=r"exactly one root.*found a, b"):
        Hierarchy(make_units(("a", "A", None, "x"), ("b", "B", None, "x")))


def test_a_parent_that_is_no_unit_is_refused_with_a_near_one():
    with pytest.raises(ValueError, match=r"parent_id must be a unit; found 'allo'\. Did you mean all\?"):
        Hierarchy(make_units(("all", "A", None, "x"), ("b", "B", "allo", "x")))


def test_a_cycle_beside_the_tree_is_refused():
    units = make_units(("a", "A", None, "x"), ("b", "B", "c", "x"), ("c", "C", "b", "x"))
    with pytest.raises(ValueError, match="units must form a tree; found a cycle through b, c"):
        Hierarchy(units)


@pytest.mark.parametrize("ask", ["children", "subtree", "path", "name", "level", "organisation"])
def test_an_unknown_unit_is_refused_with_near_ones(tree, ask):
    with pytest.raises(ValueError, match=r"unit_id must be a unit; found 'nl-3'\. Did you mean nl-[12] or nl-[12]"):
        getattr(tree, ask)("nl-3")


def test_an_unknown_level_is_refused_with_the_levels_there_are(tree):
    told = (
        r"level must be one of organisation, country, team; found 'region'. Name another one, as a parameter or under "
        r"\[levels\] in dataset.toml"
    )
    with pytest.raises(ValueError, match=told):
        tree.at_level("region")


def test_only_members_of_a_cycle_are_listed_not_those_below_it():
    assert cycles({"a": "", "b": "c", "c": "b", "d": "c", "e": "e"}) == [["b", "c"], ["e"]]


@given(st.lists(st.integers(0, 9), min_size=10, max_size=10))
def test_units_outside_cycles_reach_the_end_of_their_way(parents):
    parent = {str(unit): str(above) if above else "" for unit, above in enumerate(parents)}
    for circle in cycles(parent):
        assert all(parent[unit] == above for unit, above in zip(circle, [*circle[1:], circle[0]], strict=True))
    in_cycle = {unit for circle in cycles(parent) for unit in circle}
    for unit in parent:
        for _ in range(len(parent)):
            unit = parent.get(unit, "")
        assert unit == "" or unit in in_cycle


MERGED = (("all", "All", None, None), ("ab", "A and B", "all", None), ("a", "A", "all", "ab"), ("b", "B", "all", "ab"))


def merged_units(*rows):
    frame = pd.DataFrame(rows, columns=["unit_id", "name", "parent_id", "merged_into"])
    return frame.assign(level="team").astype("str")


def test_merged_units_are_reported_as_part_of_another():
    tree = Hierarchy(merged_units(*MERGED))
    assert tree.subtree("all") == ["all", "ab"] and "a" not in tree and len(tree) == 2
    pairs = set(tree.closure.itertuples(index=False, name=None))
    assert {("ab", "a"), ("ab", "b"), ("all", "a")} <= pairs and ("a", "a") not in pairs


def test_a_merged_unit_asked_for_names_the_one_it_is_part_of():
    with pytest.raises(ValueError, match=r"found 'a', which is reported as part of 'ab'\. Ask for that one"):
        Hierarchy(merged_units(*MERGED)).name("a")


def test_merging_into_a_merged_or_unknown_unit_is_refused():
    for target in ("b", "c"):
        with pytest.raises(ValueError, match=f"merged_into must be a unit that is not merged itself; found '{target}'"):
            Hierarchy(merged_units(*MERGED[:2], ("a", "A", "all", target), MERGED[3]))


def test_units_below_a_merged_one_are_refused():
    with pytest.raises(ValueError, match="a merged unit must have no units below it; found 'c' below 'a'"):
        Hierarchy(merged_units(*MERGED, ("c", "C", "a", None)))
