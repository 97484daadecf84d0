"""Figures of matplotlib (PNG) and plotly (JSON with an HTML page beside it)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from mlrun_nb.artifacts.packagers.protocol import Packed, is_a

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class MatplotlibFigure:
    """A figure, or the figure of an Axes, as a picture; what comes back are the bytes of the PNG."""

    name = "figure"

    def can_save(self, value: object) -> bool:
        """See Packager."""
        return is_a(value, "matplotlib.figure", "Figure") or is_a(value, "matplotlib.axes", "Axes")

    def save(self, value: object, folder: Path, name: str) -> Packed:
        """See Packager."""
        from matplotlib.axes import Axes

        figure = cast("Figure", value.get_figure(root=True) if isinstance(value, Axes) else value)
        path = folder / f"{name}.png"
        # without the name of the software and its version: the same figure, the same bytes
        figure.savefig(path, format="png", bbox_inches="tight", metadata={"Software": None})
        width, height = figure.get_size_inches()
        return Packed(
            file=path.name,
            media_type="image/png",
            previews={"image/png": path.name},
            metadata={"width_inches": float(width), "height_inches": float(height)},
        )

    def load(self, path: Path, type_name: str) -> object:  # noqa: ARG002  # one type
        """See Packager."""
        return path.read_bytes()


class PlotlyFigure:
    """A figure as its JSON, which plotly reads back; the page beside it loads plotly.js from its usual address."""

    name = "plotly"

    def can_save(self, value: object) -> bool:
        """See Packager."""
        return is_a(value, "plotly.basedatatypes", "BaseFigure")

    def save(self, value: object, folder: Path, name: str) -> Packed:
        """See Packager."""
        import plotly.io

        path, page = folder / f"{name}.plotly.json", folder / f"{name}.html"
        path.write_text(plotly.io.to_json(value), encoding="utf-8")
        plotly.io.write_html(value, page, include_plotlyjs="cdn", div_id=name)
        return Packed(file=path.name, media_type="application/vnd.plotly.v1+json", previews={"text/html": page.name})

    def load(self, path: Path, type_name: str) -> object:  # noqa: ARG002  # one type
        """See Packager."""
        import plotly.io

        return plotly.io.from_json(path.read_text("utf-8"))
