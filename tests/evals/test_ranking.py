"""Ranking metrics against values worked out by hand, and files that others can score again."""

from math import log2
from pathlib import Path

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import RR, nDCG

from evals.ranking import qrels_lines, rank_metrics, run_lines, write_trec
from tests.evals.report.make_run import make_run

QRELS = {"core": {"guide": 3, "other": 1, "notes": 2}}


def test_ndcg_and_the_reciprocal_rank_by_hand() -> None:
    found = rank_metrics(QRELS, {"core": ["other", "unjudged", "notes", "guide"]})["core"]
    gained = 1 / log2(2) + 2 / log2(4) + 3 / log2(5)
    ideal = 3 / log2(2) + 2 / log2(3) + 1 / log2(4)
    assert found["ndcg"] == pytest.approx(gained / ideal, abs=1e-6)
    assert found["ndcg"] == pytest.approx(0.691333, abs=1e-6)
    assert found["reciprocal_rank"] == pytest.approx(1 / 3, abs=1e-6)  # grade 1 does not count


def test_the_best_order_has_1() -> None:
    found = rank_metrics(QRELS, {"core": ["guide", "notes", "other"]})["core"]
    assert found == {"ndcg": pytest.approx(1.0, abs=1e-6), "reciprocal_rank": 1.0}


def test_of_a_document_found_twice_the_first_counts() -> None:
    twice = {"core": ["other", "other", "notes", "other", "guide", "notes"]}
    assert rank_metrics(QRELS, twice) == rank_metrics(QRELS, {"core": ["other", "notes", "guide"]})


@pytest.mark.parametrize("runs", [{}, {"core": []}, {"core": ["unjudged"]}, {"another": ["guide"]}])
def test_a_query_that_finds_nothing_has_0(runs: dict[str, list[str]]) -> None:
    assert rank_metrics(QRELS, runs) == {"core": {"ndcg": 0.0, "reciprocal_rank": 0.0}}


def test_ndcg_looks_at_ten_documents() -> None:
    run = [f"d{n}" for n in range(10)] + ["guide"]
    found = rank_metrics({"core": {"guide": 3}}, {"core": run})["core"]
    assert found == {"ndcg": 0.0, "reciprocal_rank": pytest.approx(1 / 11, abs=1e-6)}


def test_what_nothing_could_satisfy_is_left_out() -> None:
    qrels = {"a": {}, "b": {"guide": 0}, "c": {"guide": 1}, "d": {"guide": 2}}
    found = rank_metrics(qrels, {query: ["guide"] for query in qrels})
    assert found == {"c": {"ndcg": 1.0}, "d": {"ndcg": 1.0, "reciprocal_rank": 1.0}}
    assert rank_metrics({}, {"a": ["guide"]}) == {}


def test_files_are_in_trec_format() -> None:
    assert qrels_lines({"q2": {"b": 1}, "q1": {"b": 3, "a": 0}}) == [
        "q1 0 a 0",
        "q1 0 b 3",
        "q2 0 b 1",
    ]
    assert run_lines({"q2": ["x"], "q1": ["b", "a", "b"]}, "plain") == [
        "q1 Q0 b 1 2 plain",
        "q1 Q0 a 2 1 plain",
        "q2 Q0 x 1 1 plain",
    ]


@pytest.mark.parametrize("name", ["two words", "", "tab\there", "hard\u00a0space"])
def test_a_name_that_would_break_the_file_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="TREC"):
        qrels_lines({"q": {name: 1}})
    with pytest.raises(ValueError, match="TREC"):
        run_lines({name: ["a"]}, "plain")
    with pytest.raises(ValueError, match="TREC"):
        run_lines({"q": ["a"]}, name)


_DOCS = [f"d{n}" for n in range(15)]
_GRADES = st.dictionaries(st.sampled_from(_DOCS), st.integers(0, 3), min_size=1, max_size=8)
_RUN = st.lists(st.sampled_from(_DOCS), max_size=20)


def by_hand(grades: dict[str, int], run: list[str]) -> float:
    once = list(dict.fromkeys(run))[:10]
    gained = sum(grades.get(doc, 0) / log2(rank + 1) for rank, doc in enumerate(once, 1))
    best = sorted(grades.values(), reverse=True)[:10]
    return gained / sum(grade / log2(rank + 1) for rank, grade in enumerate(best, 1))


@settings(deadline=None)
@given(_GRADES.filter(lambda grades: max(grades.values()) > 1), _RUN)
def test_any_run_has_what_the_formulas_say(grades: dict[str, int], run: list[str]) -> None:
    found = rank_metrics({"q": grades}, {"q": run})["q"]
    ranks = [n for n, d in enumerate(dict.fromkeys(run), 1) if grades.get(d, 0) > 1]
    assert found["ndcg"] == pytest.approx(by_hand(grades, run), abs=1e-6)
    assert found["reciprocal_rank"] == pytest.approx(1 / ranks[0] if ranks else 0.0, abs=1e-6)


@settings(deadline=None, max_examples=30)
@given(_GRADES.filter(lambda grades: max(grades.values()) > 1), _RUN.filter(len))
def test_the_files_score_as_the_metrics_do(grades: dict[str, int], run: list[str]) -> None:
    judged, ranked = qrels_lines({"q": grades}), run_lines({"q": run}, "plain")
    qrels = ir_measures.read_trec_qrels("\n".join([*judged, ""]))
    scored = ir_measures.read_trec_run("\n".join([*ranked, ""]))
    measures = [nDCG @ 10, RR(rel=2)]
    again = {one.measure: one.value for one in ir_measures.iter_calc(measures, qrels, scored)}
    found = rank_metrics({"q": grades}, {"q": run})["q"]
    assert again == {nDCG @ 10: found["ndcg"], RR(rel=2): found["reciprocal_rank"]}


def test_a_run_is_written_for_others_to_score(tmp_path: Path) -> None:
    product = make_run().products[0]
    case = product.cases[0].model_copy(update={"retrieved": ("a:b:opening:1", "guide:x:2")})
    product = product.model_copy(update={"cases": (case, *product.cases[1:])})
    write_trec(tmp_path, {case.id: {"guide": 3}}, product)
    assert (tmp_path / "qrels.txt").read_text("utf-8") == f"{case.id} 0 guide 3\n"
    rows = (tmp_path / "run.txt").read_text("utf-8").splitlines()
    assert [row.split()[:4] for row in rows] == [
        [case.id, "Q0", "a:b", "1"], [case.id, "Q0", "guide", "2"],
    ]  # fmt: skip
    scores = list(ir_measures.read_trec_run(str(tmp_path / "run.txt")))
    judged = list(ir_measures.read_trec_qrels(str(tmp_path / "qrels.txt")))
    assert ir_measures.calc_aggregate([nDCG @ 10], judged, scores)[nDCG @ 10] == pytest.approx(
        1 / log2(3)
    )
