from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.index.spool import Spool

THINGS = st.lists(st.one_of(st.text(), st.binary(), st.tuples(st.text(), st.integers())))


@given(THINGS, THINGS)
def test_what_was_appended_is_read_in_its_order_as_often_as_wanted(
    tmp_path_factory: pytest.TempPathFactory, first: list[object], then: list[object]
) -> None:
    with closing(Spool[object](tmp_path_factory.getbasetemp())) as spool:
        for one in first:
            spool.append(one)
        assert list(spool) == list(spool) == first
        for one in then:
            spool.append(one)
        assert list(spool) == [*first, *then]
        assert len(spool) == len(first) + len(then)


def test_it_can_be_read_again_while_it_is_read(tmp_path: Path) -> None:
    with closing(Spool[int](tmp_path)) as spool:
        for n in range(3):
            spool.append(n)
        assert [(a, b) for a in spool for b in spool] == [
            (a, b) for a in range(3) for b in range(3)
        ]


def test_nobody_else_sees_its_file_and_nothing_is_left_of_it(tmp_path: Path) -> None:
    spool = Spool[str](tmp_path)
    spool.append("a patient's name")
    assert list(tmp_path.iterdir()) == []
    spool.close()
    assert list(tmp_path.iterdir()) == []
