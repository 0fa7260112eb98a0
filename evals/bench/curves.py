"""A picture of how cost grows with the number of chunks, both axes in powers of ten."""

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from assistant.errors import UsageError
from evals.report.plots import COLOURS

_CURVES = (
    # Texts are really encoded up to some size only: without that, sizes can be compared.
    ("build_rest", "build without embedding (s)", "s"),
    ("update_seconds", "one document changed (s)", "D"),
    ("p50", "warm answer p50 (ms)", "o"),
    ("p95", "warm answer p95 (ms)", "^"),
)
_STYLE: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "sizes", "legend.frameon": False}


def draw_curves(found: dict[str, Any], path: Path) -> None:
    """Write the picture, as SVG or PNG by the ending of the path. Raises UsageError."""
    if path.suffix not in (".svg", ".png"):
        raise UsageError(f"{path} is no .svg or .png file.", "Give it one of these endings.")
    sizes = found["sizes"]
    chunks = [one["chunks"] for one in sizes]
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(6.5, 4), layout="constrained")
        axes = figure.add_subplot()
        for number, (key, name, mark) in enumerate(_CURVES):
            values = [one[key] for one in sizes]
            axes.loglog(chunks, values, marker=mark, color=COLOURS[number], label=name)
            axes.annotate(f"{values[-1]:,}", (chunks[-1], values[-1]), xytext=(6, 0),
                          textcoords="offset points", va="center", fontsize=8)  # fmt: skip
        first = sizes[0]["build_rest"]
        axes.loglog(chunks, [first * many / chunks[0] for many in chunks], ":", color="#777777",
                    label="ten times as much takes ten times as long")  # fmt: skip
        axes.set_xlabel("chunks")
        axes.margins(x=0.12)  # the last figures stand right of their points
        axes.grid(visible=True, which="major", color="#dddddd")
        axes.legend(fontsize=8)
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
