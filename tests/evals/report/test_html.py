"""The page, as a parser reads it."""

import re
from html.parser import HTMLParser

from evals.report.html import html
from tests.evals.report.make_run import (
    ATTACK,
    SECRET,
    make_case,
    make_failure,
    make_product,
    make_run,
    make_secret,
    make_timings,
)


class Page(HTMLParser):
    """Tags with their attributes, and the text outside of scripts and styles."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._inside = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style"):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page(show_test: bool = False) -> Page:
    return Page(html(make_run(), make_timings(), show_test))


def test_the_page_forbids_everything_from_outside_and_asks_for_nothing() -> None:
    source = html(make_run(), make_timings())
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
    )
    assert any(meta.get("content") == policy for meta in Page(source).all("meta"))
    assert not re.search(r"https?:|@import|@font-face", source)
    for _, attributes in Page(source).tags:
        assert "src" not in attributes
        assert (attributes.get("href") or "#").startswith("#")


def test_markup_in_an_answer_stays_text() -> None:
    read = page()
    assert ATTACK in read.text
    assert len(read.all("script")) == 1
    assert read.all("img") == []
    assert "says: <b>weekly</b>" in read.text


def test_the_verdict_gates_checks_and_numbers_are_told() -> None:
    text = page().text
    for told in (
        "Failed: 1 of 2 gates failed (typos).",
        "0 of 3 fail",
        "Mistyped questions",
        "0.75 [0.50–1.00] n=2 (1 error)",
        "a change of 0.40 would show",
        "Half of the answers within",
        "0.825 s",
        "declined: local fact",
        "-0.10 [-0.18 to -0.02]",
        "Newly failing (1)",
    ):
        assert told in text


def test_a_failure_tells_all_there_is_to_it() -> None:
    text = page().text
    for told in (
        "What is a coach?",
        "How often do coaches visit?",
        "does not say: every 2 weeks",
        "[1] guide, Adapting, characters 9 to 37",
        "Coaches visit every 2 weeks.",
        "To blame: composing. The evidence was found, but the answer does not say it.",
        "vital facts: failed, 0.50",
        "first citation right: does not apply, only for some",
    ):
        assert told in text


def test_no_text_of_a_test_case_is_told_unless_wanted() -> None:
    hidden = html(make_run(), make_timings())
    assert SECRET not in hidden
    assert 'id="case-0-hidden"' in hidden
    assert "answered or declined rightly: failed, 0.00" in Page(hidden).text
    assert f"Where is the {SECRET}?" in page(show_test=True).text


def test_the_error_of_a_test_case_is_not_told() -> None:
    case = make_secret(outcome="error", error=f"The {SECRET} failed.")
    assert SECRET not in html(make_run(products=(make_product(cases=(case,)),)))


def test_ids_are_used_once() -> None:
    run = make_run(products=(make_product(), make_product("generative")))
    source = html(run, make_timings())
    ids = [found for _, one in Page(source).tags if (found := one.get("id"))]
    assert len(ids) == len(set(ids))
    links = {(one.get("href") or "")[1:] for one in Page(source).all("a")}
    assert links <= set(ids)


def test_every_case_of_every_product_has_a_row_that_can_be_filtered() -> None:
    run = make_run(products=(make_product(), make_product("generative")))
    rows = [one for one in Page(html(run)).all("tbody") if one.get("class") == "case"]
    assert len(rows) == 8
    failed = rows[1]
    assert failed["data-topics"] == "teams\ndata"
    assert (failed["data-split"], failed["data-blame"], failed["data-failed"]) == (
        "dev", "composing", "yes",
    )  # fmt: skip
    assert not any("hidden" in row for row in rows)


def test_a_run_without_anything_has_a_page() -> None:
    run = make_run(products=(), checks=(), gates=(), comparison=None, exit_code=0)
    assert "Passed: 0 of 0 gates hold." in Page(html(run)).text


def test_the_same_run_gives_the_same_page() -> None:
    assert html(make_run(), make_timings()) == html(make_run(), make_timings())


def test_a_page_of_250_cases_is_below_two_megabytes() -> None:
    words = "Keep the core as it is and adapt its surface. " * 30
    cases = [make_failure(f"c{n}", answer=words) for n in range(200)]
    cases += [make_case(f"p{n}", answer=words) for n in range(50)]
    source = html(make_run(products=(make_product(cases=cases),)), make_timings())
    assert len(source.encode()) < 2_000_000
