import pytest

from tests.library.readers.html.showing import shown


def test_a_table_of_data_becomes_rows_below_its_caption() -> None:
    body = (
        "<table><caption>Who acts</caption><thead><tr><th>Who<th>When<tbody>"
        "<tr><td rowspan=2>Lead<td>May<br>2024<tr><td><ul><li>ask<li>act.<li>rest</ul></table>"
    )
    assert shown(body) == ["Who acts", "| Who | When", "| Lead | May 2024", "| ask; act. rest"]


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td><h2>Left</h2><p>Ask.</p><td>Act.</table>",
        "<table role=presentation><tr><td><h2>Left</h2>Ask.<td>Act.</table>",
        "<table><tr><td><table><tr><td><h2>Left</h2><p>Ask.</table><td>Act.</table>",
    ],
)
def test_a_table_that_arranges_a_page_becomes_blocks(table: str) -> None:
    assert shown(table) == ["2 Left", "Ask.", "Act."]


def test_an_empty_cell_keeps_its_place() -> None:
    assert shown("<table><tr><td>a<td><td>c<tr><td><td><td></table>") == ["| a | | c"]
