"""In a batch a report may read what reports of other units computed; its page is the same to the byte."""

from helpers.datasets.dataset import open_dataset
from helpers.datasets.once import FOLDER
from running import run

REPORT = "10_unit_report"


def test_a_unit_report_that_reads_results_of_other_units_is_the_same_page(demo, page, tmp_path, monkeypatch):
    *_, other, unit = open_dataset(demo).hierarchy.at_level("country")[:4]
    alone = page(demo, REPORT, unit=unit)
    folder = tmp_path / "results"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv(FOLDER, str(folder))
    run(demo, tmp_path / "other", REPORT, unit=other, language="en")
    results = {path.name: path.read_bytes() for path in folder.glob("*.pickle")}
    assert len(results) > 1, "the other unit's report must leave results, or nothing is shared"
    assert run(demo, tmp_path / "same", REPORT, unit=unit, language="en") == alone
    # None was missing and none was made anew: all that the page rests on was read.
    assert {path.name: path.read_bytes() for path in folder.glob("*.pickle")} == results
