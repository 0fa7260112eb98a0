"""Metrics of retrieval, by ir-measures, and the files from which others can score again."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import ir_measures
from ir_measures import RR, Measure, Qrel, ScoredDoc, nDCG

from evals.results import Product

ANSWERS = 2  # the least grade that counts for the reciprocal rank: it answers a part
_MEASURES: dict[Measure, str] = {nDCG @ 10: "ndcg", RR(rel=ANSWERS): "reciprocal_rank"}

Qrels = Mapping[str, Mapping[str, int]]  # query -> document -> grade
Runs = Mapping[str, Sequence[str]]  # query -> documents, best first


def rank_metrics(qrels: Qrels, runs: Runs) -> dict[str, dict[str, float]]:
    """`ndcg` and `reciprocal_rank` of each query, from 0 to 1, as trec_eval has them.

    `ndcg` is nDCG@10 with the grade itself for gain, over log2(rank + 1). `reciprocal_rank` is
    that of the first document of grade 2 or 3. A run may name a document more than once, for
    several passages: the first counts. A query without a run has 0.

    What nothing could satisfy is left out: queries without a document of grade 1 at least, and
    the reciprocal rank where no document has grade 2.
    """
    judged = [Qrel(query, doc, grade) for query, doc, grade in _grades(qrels) if grade > 0]
    if not judged:
        return {}
    scored = [
        ScoredDoc(query, doc, float(score))
        for query, docs in runs.items()
        for doc, _, score in _ranked(docs)
    ]
    partly = {one.query_id for one in judged if one.relevance >= ANSWERS}
    found: dict[str, dict[str, float]] = {
        one.query_id: {} for one in sorted(judged, key=lambda one: one.query_id)
    }
    for one in ir_measures.iter_calc(list(_MEASURES), judged, scored):
        name = _MEASURES[one.measure]
        if name == "ndcg" or one.query_id in partly:
            found[one.query_id][name] = float(one.value)
    return found


def qrels_lines(qrels: Qrels) -> list[str]:
    """The grades in TREC format: query, 0, document, grade.

    Raises ValueError for a name with white space, which the format cannot hold.
    """
    return [_line(query, "0", doc, grade) for query, doc, grade in _grades(qrels)]


def run_lines(runs: Runs, tag: str) -> list[str]:
    """A run in TREC format: query, Q0, document, rank from 1, score, tag.

    Scores only fall with the rank, for scorers that sort by them. Documents stand once.
    Raises ValueError for a name with white space, which the format cannot hold.
    """
    return [
        _line(query, "Q0", doc, rank, score, tag)
        for query in sorted(runs)
        for doc, rank, score in _ranked(runs[query])
    ]


def write_trec(folder: Path, qrels: Qrels, product: Product) -> None:
    """`qrels.txt`, and `run.txt` with the documents that were found for the same queries."""
    found = {
        # Chunks are named `<document>:<section>:<n>`.
        case.id: [chunk.rsplit(":", 2)[0] for chunk in case.retrieved]
        for case in product.cases
        if case.id in qrels
    }
    for name, lines in (
        ("qrels.txt", qrels_lines(qrels)),
        ("run.txt", run_lines(found, product.name.replace(" ", "-"))),
    ):
        (folder / name).write_text("".join(f"{line}\n" for line in lines), "utf-8")


def _grades(qrels: Qrels) -> Iterator[tuple[str, str, int]]:
    for query in sorted(qrels):
        for doc in sorted(qrels[query]):
            yield query, doc, qrels[query][doc]


def _ranked(docs: Sequence[str]) -> list[tuple[str, int, int]]:
    """Each document once, with its rank from 1 and a score that falls by 1 with each."""
    once = list(dict.fromkeys(docs))
    return [(doc, rank, len(once) - rank + 1) for rank, doc in enumerate(once, 1)]


def _line(*fields: object) -> str:
    words = [str(field) for field in fields]
    for word in words:
        if len(word.split()) != 1:
            raise ValueError(f"{word!r} cannot be a name in a TREC file")
    return " ".join(words)
