import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.app import Assistant
from assistant.chat import copies
from assistant.chat import uploads as room
from assistant.chat.tickets import Talk
from assistant.chat.uploads import UploadRefused, Uploads
from assistant.errors import DocumentRefused
from tests.corpora import write_document
from tests.fakes import Clock

ADA, BO = Talk("ada", "talk-1"), Talk("bo", "talk-2")
PLAN = b"# Ward plan\n\nThe handover begins at seven in the purple room.\n"
DAY = 24 * 3600.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def uploads(tmp_path: Path, clock: Clock) -> Iterator[Uploads]:
    made = Uploads(tmp_path / "uploads", 1000, 2, clock)
    yield made
    made.close()


def known_in(uploads: Uploads, base: Assistant, talk: Talk) -> set[str]:
    with uploads.asking(base, talk) as assistant:
        return set(assistant.documents())


def everything(folder: Path) -> set[Path]:
    """What is in a folder beside indexes."""
    return {path for path in folder.rglob("*") if "index" not in path.parts}


def test_a_document_is_known_in_its_conversation_and_in_no_other(
    uploads: Uploads, base: Assistant
) -> None:
    assert uploads.take_in(base, ADA, "Ward plan.md", PLAN) == "Ward plan"
    assert known_in(uploads, base, ADA) == {"doc-0", "doc-1", "ward-plan"}
    for other in (BO, Talk("ada", "talk-3"), Talk("bo", "talk-1")):
        assert known_in(uploads, base, other) == {"doc-0", "doc-1"}
    assert "ward-plan" not in base.documents()
    with uploads.asking(base, BO) as assistant:
        assert assistant is base
        assert "purple" not in str(assistant.search("When does the handover begin?"))
    with uploads.asking(base, ADA) as assistant:
        assert "purple" in assistant.search("handover begins at seven")[0].text


def test_a_source_is_found_by_who_has_added_it_in_the_version_that_was_cited(
    uploads: Uploads, base: Assistant
) -> None:
    uploads.take_in(base, ADA, "Ward plan.md", PLAN)
    with uploads.asking(base, ADA) as assistant:
        version = assistant.source("ward-plan").sha256[:16]
    found = uploads.source(base, "ada", "ward-plan", version)
    assert found
    assert "purple room" in found.text
    assert uploads.original(base, "ada", "ward-plan", version) == ("Ward plan.md", PLAN)
    for user, document, said in (
        ("bo", "ward-plan", version), ("ada", "doc-0", version), ("ada", "ward-plan", "0" * 16),
    ):  # fmt: skip
        assert uploads.source(base, user, document, said) is None
        assert uploads.original(base, user, document, said) is None


def test_what_was_added_is_there_after_a_restart_also_without_its_index(
    uploads: Uploads, base: Assistant, tmp_path: Path, clock: Clock
) -> None:
    uploads.take_in(base, ADA, "Ward plan.md", PLAN)
    uploads.close()
    again = Uploads(tmp_path / "uploads", 1000, 2, clock)
    assert "ward-plan" in known_in(again, base, ADA)
    again.close()
    for path in (tmp_path / "uploads").rglob("ledger.db"):
        path.unlink()
    (tmp_path / "uploads" / "ada" / "talk-1" / "index" / "copied-from").unlink()
    assert "ward-plan" in known_in(again, base, ADA)
    again.close()


def test_what_everybody_is_answered_from_later_is_known_there_too(
    uploads: Uploads, base: Assistant, tmp_path: Path
) -> None:
    uploads.take_in(base, ADA, "Ward plan.md", PLAN)
    base.take_in([write_document(tmp_path / "later", "doc-9", seed="9")])
    assert known_in(uploads, base, ADA) == {"doc-0", "doc-1", "doc-9", "ward-plan"}


def test_a_document_for_everybody_is_in_the_index_and_stays_there(
    uploads: Uploads, base: Assistant
) -> None:
    assert uploads.take_in_for_all(base, "Ward plan.md", PLAN) == "Ward plan"
    assert known_in(uploads, base, BO) == {"doc-0", "doc-1", "ward-plan"}
    assert (base.given_folder / "Ward plan.md").read_bytes() == PLAN
    uploads.take_in_for_all(base, "Ward plan.md", PLAN.replace(b"seven", b"eight"))
    assert "at eight" in base.source("ward-plan").text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("plan.pdf", PLAN), ("plan.docx", b"%PDF-1.7 of a kind"), ("plan.txt", b"%PDF-1.7"),
        ("plan.md", b"PK\x03\x04 an archive"), ("plan.md", b"\x00\x01\x02"), ("plan.md", b""),
        ("plan.exe", b"MZ"), ("plan", PLAN), (".md", PLAN), ("", PLAN), ("plan.md.yaml", PLAN),
        ("doc-0.md", PLAN),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_changes_nothing(
    uploads: Uploads, base: Assistant, tmp_path: Path, name: str, data: bytes
) -> None:
    uploads.take_in(base, ADA, "Ward plan.md", PLAN)
    before = everything(tmp_path / "uploads")
    with pytest.raises(DocumentRefused) as caught:
        uploads.take_in(base, ADA, name, data)
    assert str(tmp_path) not in str(caught.value)
    assert everything(tmp_path / "uploads") == before
    assert known_in(uploads, base, ADA) == {"doc-0", "doc-1", "ward-plan"}
    with pytest.raises(DocumentRefused):
        uploads.take_in_for_all(base, name, data)
    assert set(base.documents()) == {"doc-0", "doc-1"}
    if not name.startswith("doc-0"):  # of a name that is taken the index keeps its refusal
        assert [one.document_id for one in base.listed()] == ["doc-0", "doc-1"]
    assert not list(base.given_folder.glob("*"))


def test_a_version_that_cannot_be_read_leaves_the_one_before(
    uploads: Uploads, base: Assistant
) -> None:
    uploads.take_in(base, ADA, "Ward plan.md", PLAN)
    with pytest.raises(DocumentRefused):
        uploads.take_in(base, ADA, "Ward plan.md", b"%PDF-1.7")
    with uploads.asking(base, ADA) as assistant:
        assert "refused" not in {one.state for one in assistant.listed()}
    uploads.close()
    with uploads.asking(base, ADA) as assistant:
        assert "purple room" in assistant.source("ward-plan").text


@pytest.mark.parametrize(
    "name",
    ["../../../etc/plan.md", "..\\..\\plan.md", "/etc/plan.md", "a/b/plan.md", "C:\\plan.md"],
)
def test_no_name_leads_elsewhere(
    uploads: Uploads, base: Assistant, tmp_path: Path, name: str
) -> None:
    uploads.take_in(base, ADA, name, PLAN)
    assert [path.name for path in uploads.files_of("ada")] == ["plan.md"]
    assert uploads.files_of("ada")[0].parent == tmp_path / "uploads" / "ada" / "talk-1" / "files"


# --- how many ---------------------------------------------------------------------------


def test_a_conversation_takes_so_many_and_replacing_one_is_no_more(
    uploads: Uploads, base: Assistant
) -> None:
    for name in ("one.md", "two.md", "one.md"):
        uploads.take_in(base, ADA, name, PLAN)
    with pytest.raises(UploadRefused, match="2 documents"):
        uploads.take_in(base, ADA, "three.md", PLAN)
    uploads.take_in(base, Talk("ada", "talk-3"), "three.md", PLAN)


def test_a_user_has_so_many_in_all(
    uploads: Uploads, base: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_OF_USER", 1)
    uploads.take_in(base, ADA, "one.md", PLAN)
    with pytest.raises(UploadRefused, match="Your conversations"):
        uploads.take_in(base, Talk("ada", "talk-3"), "two.md", PLAN)
    uploads.take_in(base, BO, "two.md", PLAN)


def test_so_many_come_in_an_hour(uploads: Uploads, clock: Clock) -> None:
    for _ in range(20):
        uploads.count_in("ada")
    with pytest.raises(UploadRefused, match="within an hour") as caught:
        uploads.count_in("ada")
    assert "60 minutes" in caught.value.remedy
    uploads.count_in("bo")
    clock.seconds += 3601
    uploads.count_in("ada")


def test_only_so_many_indexes_are_open_and_none_that_is_asked_is_closed(
    uploads: Uploads, base: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "_OPEN", 1)
    uploads.take_in(base, ADA, "plan.md", PLAN)
    with uploads.asking(base, ADA) as assistant:
        uploads.take_in(base, BO, "plan.md", PLAN)
        assert list(uploads._copies._open) == [BO]
        assert "plan" in assistant.documents()
    assert "plan" in known_in(uploads, base, ADA)


# --- letting go -------------------------------------------------------------------------


def test_what_is_forgotten_leaves_no_trace(
    uploads: Uploads, base: Assistant, tmp_path: Path
) -> None:
    uploads.take_in(base, ADA, "plan.md", PLAN)
    uploads.take_in(base, BO, "plan.md", PLAN)
    uploads.forget(ADA)
    assert everything(tmp_path / "uploads" / "ada") == set()
    assert known_in(uploads, base, ADA) == {"doc-0", "doc-1"}
    assert "plan" in known_in(uploads, base, BO)
    uploads.forget_user("bo")
    assert uploads.files_of("bo") == []
    uploads.forget(Talk("nobody", "none"))
    uploads.forget_user("nobody")


def test_what_is_forgotten_while_it_is_asked_is_closed_afterwards(
    uploads: Uploads, base: Assistant
) -> None:
    uploads.take_in(base, ADA, "plan.md", PLAN)
    with uploads.asking(base, ADA):
        uploads.forget(ADA)
    assert known_in(uploads, base, ADA) == {"doc-0", "doc-1"}


def test_documents_go_with_conversations_that_are_not_kept_any_more(
    uploads: Uploads, base: Assistant, clock: Clock
) -> None:
    for talk in (ADA, BO):
        uploads.take_in(base, talk, "plan.md", PLAN)
    for file in (*uploads.files_of("ada"), *uploads.files_of("bo")):
        os.utime(file, (clock.seconds, clock.seconds))
    kept = {"talk-2"}
    uploads.sweep(kept.__contains__)
    assert uploads.files_of("ada")  # it may be kept yet
    clock.seconds += DAY + 1
    uploads.sweep(kept.__contains__)
    assert not uploads.files_of("ada")
    assert uploads.files_of("bo")


# --- at the same time -------------------------------------------------------------------


def test_many_add_ask_and_forget_at_the_same_time(uploads: Uploads, base: Assistant) -> None:
    talks = [Talk(f"user-{n}", f"talk-{n}") for n in range(4)]
    begin = threading.Barrier(4)

    def live(talk: Talk) -> set[str]:
        begin.wait()
        for number in range(3):
            uploads.take_in(base, talk, "plan.md", PLAN + f"\nRound {number}.\n".encode())
            known = known_in(uploads, base, talk)
            assert "plan" in known
        uploads.forget(talk)
        return known_in(uploads, base, talk)

    with ThreadPoolExecutor(4) as pool:
        assert all(known == {"doc-0", "doc-1"} for known in pool.map(live, talks))
