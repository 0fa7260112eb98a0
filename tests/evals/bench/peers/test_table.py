"""The stacks side by side."""

from typing import Any

from evals.bench.peers.table import peers_table

QUALITY: dict[str, Any] = {
    "questions": 3, "recall": 0.5, "read": 0.25, "read_ndcg": 0.3, "ndcg": 0.4, "documents": 0.6,
    "evidence": 1.0, "note": None, "characters": 2345.6, "differs": [],
}  # fmt: skip


def row(times: float = 1.0, **changes: Any) -> dict[str, Any]:
    return {
        "chunks": 1234, "disk": 10 * times, "ready": 2 * times, "p50": 8 * times, "p95": 9 * times,
        "question_cpu": 7 * times, "memory": 300 * times, "load": 0.1, "lost": 0, "passages": 30,
        "refused": [], "splits": {"dev": QUALITY},
        "build": {"seconds": 20 * times, "importing": 1, "cpu": 30 * times, "memory": 500 * times},
    } | changes  # fmt: skip


def table(**rows: Any) -> str:
    return peers_table({"rows": rows, "budget": 2000, "documents": 2})


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_each_cost_stands_beside_ours_with_how_many_times_it_is() -> None:
    head, _, ours, other = table(ours=row(), Other=row(1.5)).split("\n\n")[0].splitlines()
    assert cells(head)[:3] == ["", "chunks", "build (s)"]
    assert cells(ours)[:3] == ["ours", "1,234", "20.0 (1.00)"]
    assert cells(other)[:3] == ["Other", "1,234", "30.0 (1.50)"]


def test_a_split_has_its_own_table_and_what_was_not_measured_a_dash() -> None:
    parts = table(ours=row()).split("\n\n")
    assert parts[1] == "dev, 3 questions:"
    line = cells(parts[2].splitlines()[2])
    assert line == ["ours", "0.500", "0.400", "2,346", "0.250", "0.300", "1.000", "–", "0.600"]
    assert "recall in 2,000 characters" in parts[2]
    assert "test" not in "".join(parts)


def test_what_differs_from_ours_by_more_than_chance_has_a_star() -> None:
    worse = row(splits={"dev": QUALITY | {"recall": 0.1, "differs": ["recall"]}})
    assert "0.100*" in table(ours=row(), Other=worse)


def test_what_is_missing_is_named_below() -> None:
    shown = table(ours=row(), Other={"why": "not installed (x is missing): pip install '.[peers]'"})
    assert shown.endswith("Other: not installed (x is missing): pip install '.[peers]'")


def test_without_ours_there_are_figures_and_no_ratios() -> None:
    shown = table(ours={"why": "failed: x"}, Other=row())
    assert "20.0 |" in shown
    assert "(1.00)" not in shown


def test_passages_that_could_not_be_located_and_a_call_of_the_network_are_told() -> None:
    shown = table(ours=row(), Other=row(lost=2, refused=["socket.connect ('x', 1)"]))
    told = "Other: 2 of 30 passages not located; wanted the network: socket.connect ('x', 1)"
    assert shown.endswith(told)
