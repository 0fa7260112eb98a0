from tests.library.readers.html.showing import shown


def test_inline_markup_does_not_split_words_and_blocks_part_them() -> None:
    body = "<div>Im<b>ple</b>men<i>ta</i>tion<div>works</div>here</div><p>so<p>far"
    assert shown(body) == ["Implementation", "works", "here", "so", "far"]


def test_marks_of_notes_are_left_out_and_other_raised_text_is_not() -> None:
    body = '<p>Ask.<sup><a href="#n1">1</a></sup> Then 10<sup>2</sup> act.</p>'
    assert shown(body) == ["Ask. Then 102 act."]


def test_characters_are_normalised() -> None:
    assert shown("<p>e&#xFB03;&shy;cient&nbsp;&nbsp;teams &amp; more&#0;</p>")[0].startswith(
        "efficient teams & more"
    )
