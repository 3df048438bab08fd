"""Figures look as they did when somebody last looked at them, for a desk and for a phone.

``pytest tests/display/test_images.py --renew-images`` makes the pictures anew; look at them before committing them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from drawings import DRAWINGS
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.testing.compare import calculate_rms
from PIL import Image, ImageFilter

from helpers.display import plots
from helpers.display.plots.style import NARROW, WIDE

IMAGES = Path(__file__).with_name("images")
WIDTHS = {"wide": WIDE, "narrow": NARROW}
# A tile is small enough for one moved label to fill it, and the blur wider than what sets rasterisers apart.
TILE, BLUR = 32, 1.5
# Root mean square of the grey levels (0 to 255) of the worst tile. Matplotlib 3.10 with FreeType 2.6.1 and 3.11 with
# 2.14.3 differ by up to 7.1; a label moved by 5 points differs by 12 or more, an interval 3 % longer too.
TOLERANCE = 9.0
MOST_BYTES = 700_000

each_drawing = pytest.mark.parametrize("name", DRAWINGS)
each_width = pytest.mark.parametrize("width", WIDTHS)


@pytest.fixture(autouse=True)
def letters_as_outlines(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Draw letters as outlines of the bundled font, without the hinting in which versions of FreeType differ."""
    monkeypatch.setattr(RendererAgg, "draw_text", RendererBase.draw_text)
    with plt.rc_context({"text.hinting": "none"}):
        yield
    plt.close("all")


def picture(
    draw: Callable[[], Axes | list[Axes]], width: str, path: Path, *, change: Callable = lambda ax: None
) -> Path:
    """Draw a figure, perhaps after a change to its first Axes, and save it in few colours."""
    with plt.rc_context({"figure.figsize": (WIDTHS[width] / 72, 3)}):
        axes = draw()
    ax = axes if isinstance(axes, Axes) else axes[0]
    change(ax)
    ax.figure.savefig(path, dpi=72, facecolor="white", transparent=False)
    Image.open(path).convert("RGB").quantize(255, dither=Image.Dither.NONE).save(path, optimize=True)
    return path


def difference(expected: Path, actual: Path) -> float:
    """Root mean square difference of the worst tile of two blurred pictures; infinite for another size."""
    both = [Image.open(path).convert("RGB").filter(ImageFilter.GaussianBlur(BLUR)) for path in (expected, actual)]
    if both[0].size != both[1].size:
        return float("inf")
    old, new = (np.asarray(each, float) for each in both)
    corners = ((down, across) for down in range(0, len(old), TILE // 2) for across in range(0, old.shape[1], TILE // 2))
    tiles = ((slice(down, down + TILE), slice(across, across + TILE)) for down, across in corners)
    return max(float(calculate_rms(old[tile], new[tile])) for tile in tiles)


def move_a_label(ax: Axes) -> None:
    notes = [note for note in ax.figure.findobj(plt.Annotation) if note.get_text()]
    note = notes[len(notes) // 2]
    note.xyann = (note.xyann[0] + 5, note.xyann[1])


def lengthen_an_interval(ax: Axes) -> None:
    interval = next(line for line in ax.lines if line.get_linewidth() == 2.5)
    (low, high), places = interval.get_data()
    interval.set_data([low, high + 0.03 * np.ptp(ax.get_xlim())], places)


@each_width
@each_drawing
def test_a_figure_looks_as_it_did(name: str, width: str, tmp_path: Path, request: pytest.FixtureRequest):
    expected = IMAGES / f"{name}-{width}.png"
    actual = picture(DRAWINGS[name], width, tmp_path / expected.name)
    if request.config.getoption("--renew-images", default=False):
        IMAGES.mkdir(exist_ok=True)
        expected.write_bytes(actual.read_bytes())
    assert expected.exists(), f"{expected.name} is missing; make it with --renew-images"
    found = difference(expected, actual)
    assert found <= TOLERANCE, f"{expected.name} differs by {found:.1f}; look at {actual}, then --renew-images"


@each_width
@each_drawing
def test_a_label_moved_by_five_points_is_noticed(name: str, width: str, tmp_path: Path):
    moved = picture(DRAWINGS[name], width, tmp_path / "moved.png", change=move_a_label)
    assert difference(IMAGES / f"{name}-{width}.png", moved) > TOLERANCE


@each_width
@pytest.mark.parametrize("name", ["intervals", "position", "gaps", "forest"])
def test_an_interval_three_percent_longer_is_noticed(name: str, width: str, tmp_path: Path):
    longer = picture(DRAWINGS[name], width, tmp_path / "longer.png", change=lengthen_an_interval)
    assert difference(IMAGES / f"{name}-{width}.png", longer) > TOLERANCE


def test_a_figure_of_another_size_is_noticed():
    assert difference(IMAGES / "gaps-wide.png", IMAGES / "gaps-narrow.png") == float("inf")


def test_every_kind_of_figure_has_its_pictures_and_no_picture_is_left_over():
    kinds = {name.removeprefix("plot_") for name in plots.__all__ if name.startswith("plot_")}
    assert kinds == {name.removeprefix("bands_") for name in DRAWINGS}
    assert {path.name for path in IMAGES.iterdir()} == {f"{name}-{width}.png" for name in DRAWINGS for width in WIDTHS}


def test_all_pictures_together_stay_small():
    assert sum(path.stat().st_size for path in IMAGES.iterdir()) < MOST_BYTES
