"""What many reports cost is worked out from the page of measured figures, and from nothing else."""

from scale import cost_per_report, scale_page

SPEED = """# Speed

| clusters | ours, s |
|---|---|
| 230 | 0.2 |

## Reports

| reports | processor s per report | KiB per report | note |
|---|---|---|---|
| 24 | 3.6 | 140 | first |
| 1,000 | 1.8 | 150 | last |

| other | table |
|---|---|
| 1 | 2 |
"""


def test_the_last_row_of_the_right_table_counts():
    assert cost_per_report(SPEED) == (1.8, 150)


def test_many_reports_cost_as_many_times_one():
    page = scale_page(SPEED)
    assert "One report takes 1.8 processor seconds and 150 KiB on disk" in page
    # 100,000 × 1.8 s = 50 h; × 150 KiB = 15.4 GB.
    assert "| 100,000 | 50.0 | 12.5 | 1.6 | 0.4 | 15.4 |" in page


def test_what_was_not_measured_is_not_told():
    page = scale_page("# Speed\n\n| clusters |\n|---|\n| 230 |\n")
    assert "Not measured yet" in page and "processor hours" not in page
