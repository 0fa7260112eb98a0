"""Names; what becomes of files is tested with uploads."""

import os
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from assistant.chat.added_file import clean_name
from assistant.errors import DocumentRefused
from assistant.library.reading import READ


@example("実" * 300, ".md")
@given(st.text(max_size=300), st.sampled_from(READ))
def test_a_name_is_one_plain_name_or_refused(name: str, ending: str) -> None:
    try:
        clean = clean_name(name + ending)
    except DocumentRefused:
        return
    assert Path(clean).name == clean
    assert not clean.startswith(".")
    assert clean.endswith(ending)
    assert len(os.fsencode(clean)) <= 255
