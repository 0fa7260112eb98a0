"""The figures as tables in Markdown, the stacks beside ours."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

_Figures = Mapping[str, Any]
_COSTS: dict[str, tuple[Callable[[_Figures], float], int]] = {
    "build (s)": (lambda f: f["build"]["seconds"], 1),
    "CPU (s)": (lambda f: f["build"]["cpu"], 1),
    "build peak (MiB)": (lambda f: f["build"]["memory"], 0),
    "disk (MiB)": (lambda f: f["disk"], 1),
    "ready (s)": (lambda f: f["ready"], 1),
    "p50 (ms)": (lambda f: f["p50"], 1),
    "p95 (ms)": (lambda f: f["p95"], 1),
    "CPU a question (ms)": (lambda f: f["question_cpu"], 1),
    "asking peak (MiB)": (lambda f: f["memory"], 0),
}
_QUALITIES = {
    "recall": "recall@5",
    "ndcg": "nDCG@10",
    "characters": "characters in 5",
    "read": "recall in {budget:,} characters",
    "read_ndcg": "nDCG@10 in them",
    "evidence": "evidence whole in 5",
    "note": "note in 5",
    "documents": "nDCG@10 of documents",
}


def peers_table(found: Mapping[str, Any]) -> str:
    """What each stack costs, times ours in brackets; then what it finds, dev and test apart. A
    star: differs from ours by more than chance (p < 0.05, paired, by document)."""
    rows: Mapping[str, _Figures] = found["rows"]
    measured = {title: figures for title, figures in rows.items() if "why" not in figures}
    parts = [_costs(measured)]
    for split in ("dev", "test"):
        some = {t: f["splits"][split] for t, f in measured.items() if split in f["splits"]}
        if some:
            questions = max(one["questions"] for one in some.values())
            parts += [f"{split}, {questions} questions:", _qualities(some, found["budget"])]
    parts += [f"{title}: {figures['why']}" for title, figures in rows.items() if "why" in figures]
    parts += [_remarks(title, figures) for title, figures in measured.items()]
    return "\n\n".join(part for part in parts if part)


def _costs(measured: Mapping[str, _Figures]) -> str:
    if not measured:
        return ""
    ours = measured.get("ours")
    lines = []
    for title, figures in measured.items():
        cells = [title, f"{figures['chunks']:,}"]
        for of, digits in _COSTS.values():
            times = f" ({of(figures) / of(ours):.2f})" if ours and of(ours) else ""
            cells.append(f"{of(figures):,.{digits}f}{times}")
        lines.append(cells)
    return _markdown([["", "chunks", *_COSTS], *lines])


def _qualities(measured: Mapping[str, _Figures], budget: int) -> str:
    head = ["", *(title.format(budget=budget) for title in _QUALITIES.values())]
    return _markdown([head, *([title, *_cells(one)] for title, one in measured.items())])


def _cells(means: _Figures) -> list[str]:
    return [
        ("–" if means[name] is None else _number(name, means[name]))
        + ("*" if name in means["differs"] else "")
        for name in _QUALITIES
    ]


def _number(name: str, mean: float) -> str:
    return f"{mean:,.0f}" if name == "characters" else f"{mean:.3f}"


def _remarks(title: str, figures: _Figures) -> str:
    remarks = []
    if figures["lost"]:
        remarks.append(f"{figures['lost']} of {figures['passages']} passages not located")
    if figures["refused"]:
        remarks.append("wanted the network: " + ", ".join(figures["refused"]))
    return f"{title}: {'; '.join(remarks)}" if remarks else ""


def _markdown(lines: Sequence[Sequence[str]]) -> str:
    """Lines of cells in columns of equal width; the first is the head."""
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    shown = [
        " | ".join(
            cell.rjust(width) if n else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    ]
    rule = " | ".join("-" * (w - 1) + ":" if n else "-" * w for n, w in enumerate(widths))
    return "\n".join(f"| {line} |" for line in (shown[0], rule, *shown[1:]))
