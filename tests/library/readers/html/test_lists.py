from tests.library.readers.html.showing import shown


def test_lists_keep_their_numbers_and_nest() -> None:
    body = (
        '<ol start="3"><li>ask<ul><li>the lead<li>the coach</ul><li>act<li value="9">rest</ol>'
        '<ol start="x"><li>again</ol>'
    )
    assert shown(body) == [
        "3. ask", "- the lead", "- the coach", "4. act", "9. rest", "1. again",
    ]  # fmt: skip


def test_a_second_paragraph_of_an_item_is_a_paragraph() -> None:
    assert shown("<ul><li><p>Ask.</p><p>Wait.</p></li><li>Act.</li></ul>") == [
        "- Ask.", "Wait.", "- Act.",
    ]  # fmt: skip


def test_markers_keep_their_letters() -> None:
    body = (
        "<ol type=a start=2><li>ask<ol type=I><li>first</ol><li type=i>act<li value=27>rest</ol>"
        "<ol type=disc><li>again</ol>"
    )
    assert shown(body) == ["b. ask", "I. first", "iii. act", "27. rest", "1. again"]
