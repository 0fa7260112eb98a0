from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.takeaway.markdown import markdown
from assistant.takeaway.paper import Listing, Paper, Paragraph, Run, Table, paragraph, points, words
from assistant.takeaway.text import clean
from tests.coaching.sample import QUOTES, sample_plan
from tests.takeaway.sample import quoted_answer, strange_plan, taken

PARSER = MarkdownIt("commonmark").enable("table")


def shown(markdown_text: str) -> str:
    """The words that a reader of the Markdown sees, without blanks."""
    tokens = PARSER.parse(markdown_text)
    texts = []
    for token in tokens:
        for child in token.children or []:
            assert child.type not in ("link_open", "image", "html_inline"), markdown_text
            texts.append(child.content)
        assert token.type not in ("html_block", "code_block", "fence"), markdown_text
    return "".join("".join(texts).split())


def paper_of(*blocks: Paragraph | Listing | Table) -> Paper:
    return Paper(kind="answer", title="T", blocks=blocks, notes=())


ANY = st.text(st.characters(codec="utf-8"), max_size=80)


@given(ANY, ANY, ANY)
def test_any_text_is_shown_as_it_is(one: str, two: str, three: str) -> None:
    nested = Listing(items=((paragraph(two), points([three])),), start=1)
    given_paper = paper_of(paragraph(one), points([two]), nested)
    expected = "".join(clean("T" + one + two + two + three).replace("\u200b", "\u200b").split())
    assert shown(markdown(given_paper).decode()) == expected


@given(ANY)
def test_any_text_fits_into_a_table(text: str) -> None:
    table = Table(
        name="n", item="i", header=("A", "B"), widths=(1, 1),
        rows=((words(text), words("z")), (words("y"), (Run(blank=True),))),
    )  # fmt: skip
    made = markdown(paper_of(table)).decode()
    rows = [token for token in PARSER.parse(made) if token.type == "tr_open"]
    cells = [token for token in PARSER.parse(made) if token.type == "td_open"]
    assert (len(rows), len(cells)) == (3, 4)
    assert "".join(clean(text).split()) in shown(made)


def test_the_numbers_and_quotes_of_a_plan_survive() -> None:
    made = taken(sample_plan(), "md").decode()
    seen = shown(made)
    for number, quote in enumerate(QUOTES, 1):
        assert f"[{number}]" in made
        assert "".join(f"“{quote}”".split()) in seen


def test_sources_have_their_address_and_their_words() -> None:
    made = taken(quoted_answer(), "md").decode()
    assert (
        "- [1] Readiness \\& fit (1) (Ada Author, A Library, 2024), section “What \\*helps\\*?”, "
        "page 3, https://example.org/1: “Ask the people who will use it first.”"
    ) in made


def test_a_plan_reads_well_as_it_is_typed() -> None:
    made = taken(sample_plan(), "md").decode()
    assert made.startswith("# Exploration: agree what the need in reading is\n")
    assert "- **Setting:** a primary school\n" in made
    assert "| 0:10 to 0:25 | 2: Look at the data and a story  | 15      | _____ |" in made
    assert "1. Ask why, and write down the answer. (9 min)\n" in made


def test_lists_side_by_side_stay_apart() -> None:
    made = markdown(paper_of(points(["a"]), points(["b"]), points(["c"], 1), points(["d"], 1)))
    lists = [token for token in PARSER.parse(made.decode()) if token.type.endswith("list_open")]
    assert len(lists) == 4


def test_strange_text_does_no_harm() -> None:
    assert shown(taken(strange_plan(), "md").decode())
