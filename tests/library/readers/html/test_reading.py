import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.library.blocks import BlockKind, on_one_line
from assistant.library.readers.extract import Limits, Unreadable
from tests.library.making_files import ADVICE, ORDER, html_with_scripts, instructions, web_page
from tests.library.readers.html.showing import look, read, refusal

PAGE = Path(__file__).parents[2] / "files" / "page.html"


def test_a_page_of_guidance_is_read_without_what_surrounds_it() -> None:
    extract = read(PAGE.read_bytes())
    found = [look(block) for block in extract.blocks]
    assert found[:4] == [
        "1 Starting a new practice in small teams",
        "This page is for people who lead a team of five to fifteen and want a new practice to be "
        "more than a folder on a shelf.",
        "2 Before the first day",
        "Choose one practice, and write on half a page what a visitor would see if it went well. "
        "A team that can’t agree on that half page isn’t ready to start.",
    ]
    assert [one for one in found if one[:2] in ("1 ", "2 ", "3 ")] == [
        "1 Starting a new practice in small teams",
        "2 Before the first day",
        "3 What the sponsor does",
        "2 The first month",
        "2 Watching what happens",
        "3 In social care",
    ]
    assert found[-1].startswith("A home for older people counted at the change of shift")
    assert "| 2 | Watches one trial | Hears both volunteers; Asks questions" in found
    assert "| 3 to 4 | Plans cover | Tries the practice in pairs" in found
    assert "3. Everybody tries it twice while a colleague watches." in found


@pytest.mark.parametrize(
    "words",
    [
        "optional cookies", "Skip to main", "Courses", "Home; Guidance", "Share this page",
        "On this page", "£349", "Email address", "before launch", "Related guidance", "Previous",
        "Seven myths", "cheap watches", "Registered office",
    ],
)  # fmt: skip
def test_what_surrounds_a_page_is_named_as_dropped(words: str) -> None:
    extract = read(PAGE.read_bytes())
    assert not any(words in block.text for block in extract.blocks)
    assert sum(words in line for line in extract.dropped) == 1


def test_scripts_forms_and_inline_data_leave_the_text() -> None:
    extract = read(html_with_scripts())
    assert [look(block) for block in extract.blocks] == [
        "1 Coaching", ADVICE, "Coaches listen first.",
    ]  # fmt: skip
    assert extract.dropped == ["Password"]


def test_an_order_to_the_assistant_is_text_like_any_other() -> None:
    found = [look(block) for block in read(instructions(".html")).blocks]
    assert found == ["1 Coaching", "2 What coaches do", ADVICE, ORDER]


def test_too_much_text_is_refused() -> None:
    limits = Limits(characters=100)
    assert "the limit is 100" in refusal(web_page(f"<p>{ADVICE}</p>" * 2), limits)


@pytest.mark.parametrize("count", [5_000_000])
def test_what_is_hostile_stays_within_its_memory(count: int, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"<b>a</b>" * count)
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9))\n"
        "from assistant.library.readers.html import read_html\n"
        "from assistant.library.readers.extract import Limits\n"
        "try: read_html(open(sys.argv[1], 'rb').read(), Limits())\n"
        "except MemoryError: print('no memory')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "no memory\n"


@given(st.text())
def test_whatever_is_written_is_read_or_refused_and_clean(text: str) -> None:
    try:
        extract = read(web_page(text))
    except Unreadable:
        return
    for block in extract.blocks:
        assert block.text.strip()
        assert block.kind is BlockKind.CODE or block.text == on_one_line(block.text)


@given(
    st.recursive(
        st.sampled_from(["w1 ", "w2 ", "<br>", "<img alt=a>"]),
        lambda inner: st.builds(
            lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
            st.sampled_from("p div ul li ol b table td tr h1 h3 section blockquote dl pre".split()),
            st.lists(inner, max_size=4),
        ),
        max_leaves=20,
    )
)
def test_no_word_is_lost_or_read_twice(body: str) -> None:
    extract = read(web_page(f"<p>first</p>{body}"))
    found = " ".join(block.text for block in extract.blocks)
    assert found.count("w1") == body.count("w1")
    assert found.count("w2") == body.count("w2")
