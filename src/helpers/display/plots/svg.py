"""A matplotlib figure as a small inline SVG: scales, follows the colours of the page, and repeats byte for byte.

matplotlib's own SVG holds metadata, clipping, fonts and colours that a page has to take out again; this renderer
writes what a page shows, and nothing else.
"""

from __future__ import annotations

from functools import lru_cache
from xml.sax.saxutils import escape

from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font, weight_dict
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D, Transform

from helpers.display.plots.style import CSS_NAMES, POINTS_PER_INCH

# A tenth of a point is below what a screen shows.
DECIMALS = 1
COMMANDS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}
CAPS = {"projecting": "square"}
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
NORMAL = 400
# What SVG takes for granted, and the joins that `figure` sets for a whole drawing.
GRANTED = {"opacity": "1", "fill-opacity": "1", "stroke-opacity": "1", "stroke-width": "1"}
GRANTED |= {"stroke-linejoin": "round", "stroke-linecap": "butt", "stroke-dashoffset": "0"}
# Texts measured; a batch of reports repeats most of them.
MEASURED = 4096


def svg_text(drawing: Figure) -> str:
    """Draw a figure as SVG without width, background, clipping or fonts of its own.

    Parameters
    ----------
    drawing : Figure
        Its own background and that of its plots are left out from then on.

    Returns
    -------
    str
        The element ``<svg>``; ids start with ``@``, to be replaced by a prefix of the page.
    """
    drawing.set_dpi(POINTS_PER_INCH)
    for part in (drawing, *drawing.axes):
        part.patch.set_visible(False)
    width, height = drawing.bbox.size
    renderer = PageRenderer(height, width)
    drawing.draw(renderer)
    return f'<svg viewBox="0 0 {width:g} {height:g}">{"".join(renderer.elements)}</svg>'


class PageRenderer(RendererBase):
    """Writes lines, areas, markers and texts as elements of SVG, y downwards.

    Parameters
    ----------
    height, width : float
        Of the figure, in points.
    """

    def __init__(self, height: float, width: float) -> None:
        super().__init__()
        self.width, self.height = width, height
        self.elements: list[str] = []
        self._markers: dict[tuple[str, str], str] = {}
        self._flip = Affine2D().scale(1, -1).translate(0, height)

    def flipy(self) -> bool:
        """Tell matplotlib that y runs downwards."""
        return True

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Size of the figure in points."""
        return self.width, self.height

    def draw_path(
        self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: tuple | None = None
    ) -> None:
        """Write a line or an area; nothing where neither would be seen."""
        style = _style(gc, rgbFace)
        if style == "fill:none":
            return
        # A line, unlike an area, loses nothing where it is cut off at the edge of the figure.
        edges = (0.0, 0.0, self.width, self.height) if rgbFace is None else None
        shape = _shape(path, transform + self._flip, clip=edges, simplify=path.should_simplify and rgbFace is None)
        self.elements.append(f'<path d="{shape}" style="{style}"/>')

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: tuple | None = None,
    ) -> None:
        """Write a marker once, and where it is used."""
        shape, style = _shape(marker_path, marker_trans + Affine2D().scale(1, -1), simplify=False), _style(gc, rgbFace)
        name = self._markers.get((shape, style))
        if name is None:
            name = self._markers[shape, style] = f"@m{len(self._markers)}"
            self.elements.append(f'<defs><path id="{name}" d="{shape}" style="{style}"/></defs>')
        for vertices, _ in path.iter_segments(trans + self._flip, simplify=False):
            x, y = map(_short, vertices[-2:])
            self.elements.append(f'<use x="{x}" y="{y}" href="#{name}"/>')

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: bool | str = False,
        mtext: Text | None = None,
    ) -> None:
        """Write a line of text in the font of the page, held where its alignment says, whatever its width there."""
        anchor = ""
        if mtext and not angle:
            x = mtext.get_transform().transform(mtext.get_unitless_position())[0]
            anchor = f"text-anchor:{ANCHORS[mtext.get_horizontalalignment()]};"
        weight = weight_dict.get(prop.get_weight(), prop.get_weight())
        bold = f"font-weight:{weight};" if weight != NORMAL else ""
        across, down = _short(x), _short(y)
        turn = f' transform="rotate({-angle:g} {across} {down})"' if angle else ""
        look = f"{bold}font-size:{prop.get_size():g}px;{anchor}fill:{_page_colour(gc.get_rgb())}{_faint(gc)}"
        self.elements.append(f'<text style="{look}" x="{across}" y="{down}"{turn}>{escape(s)}</text>')

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: bool | str
    ) -> tuple[float, float, float]:
        """Measure a line of text in the font of the style file, in points."""
        return _measured(s, prop.copy())

    def _get_font_height_metrics(self, prop: FontProperties) -> tuple[float, float, float]:
        """Ascent, descent and gap of a font; a Text of matplotlib 3.11 looks them up anew unless its renderer knows."""
        return _font_heights(prop.copy())


@lru_cache(MEASURED)
def _measured(text: str, font: FontProperties) -> tuple[float, float, float]:
    return text_to_path.get_text_width_height_descent(text, font, False)


@lru_cache(MEASURED)
def _font_heights(font: FontProperties) -> tuple[float, float, float]:
    file = get_font(findfont(font))
    scale = font.get_size_in_points() / file.get_sfnt_table("head")["unitsPerEm"]
    table = file.get_sfnt_table("OS/2")
    return table["sTypoAscender"] * scale, -table["sTypoDescender"] * scale, table["sTypoLineGap"] * scale


def _short(value: float) -> str:
    # Halves are rounded alike whatever the last digits of a sum: the same figures give the same bytes everywhere.
    return f"{round(round(float(value), 6), DECIMALS) + 0.0:g}"


def _shape(path: Path, transform: Transform, *, clip: tuple | None = None, simplify: bool) -> str:
    return " ".join(
        f"{COMMANDS[code]} {' '.join(map(_short, points))}" if code in COMMANDS else "z"
        for points, code in path.iter_segments(transform, clip=clip, simplify=simplify)
    )


def _style(gc: GraphicsContextBase, face: tuple | None) -> str:
    """Say how a shape is filled and outlined, and leave out what SVG or the page takes for granted."""
    face = None if face is None or (len(face) == 4 and not face[3]) else tuple(face)
    look = {"fill": _page_colour(face) if face else "none"}
    if gc.get_forced_alpha():
        look["opacity"] = f"{gc.get_alpha():g}"
    elif face and len(face) == 4:
        look["fill-opacity"] = f"{face[3]:g}"
    offset, dashes = gc.get_dashes()
    if dashes is not None:
        look |= {"stroke-dasharray": ",".join(f"{dash:g}" for dash in dashes), "stroke-dashoffset": f"{offset:g}"}
    if gc.get_linewidth():
        look["stroke"] = _page_colour(gc.get_rgb())
        look["stroke-opacity"] = "1" if gc.get_forced_alpha() else f"{gc.get_rgb()[3]:g}"
        look["stroke-width"] = f"{gc.get_linewidth():g}"
        look["stroke-linejoin"] = gc.get_joinstyle()
        look["stroke-linecap"] = CAPS.get(gc.get_capstyle(), gc.get_capstyle())
    return ";".join(f"{name}:{value}" for name, value in look.items() if GRANTED.get(name) != value)


def _faint(gc: GraphicsContextBase) -> str:
    share = gc.get_alpha() if gc.get_forced_alpha() else gc.get_rgb()[3]
    return f";opacity:{share:g}" if share != 1 else ""


@lru_cache(MEASURED)
def _page_colour(rgb: tuple[float, ...]) -> str:
    colour = to_hex(rgb)
    return f"var(--{CSS_NAMES[colour]}, {colour})" if colour in CSS_NAMES else colour
