"""Adding, removing and keeping documents, with texts that need no process of their own."""

from pathlib import Path

import pytest

from assistant.errors import DocumentNotFound, IndexMissing, IndexOutdated, UsageError
from assistant.index.build import add_documents, build_index, remove_documents
from assistant.index.ledger.ledger import Ledger
from assistant.index.reader import Index
from assistant.library.readers.extract import Limits
from assistant.records import BuildReport, Listed
from tests.corpora import build_small, contents_of, faults_of, write_corpus, write_document
from tests.fakes import SilentProgress, WordHashModel


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus", 3)


@pytest.fixture
def index(tmp_path: Path, corpus: Path) -> Path:
    build_small(tmp_path / "index", corpus)
    return tmp_path / "index"


@pytest.fixture
def manual(tmp_path: Path) -> Path:
    return write(tmp_path / "ours" / "manual.txt", "Coaches visit twice a month.")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def add(index: Path, *paths: Path, model: WordHashModel | None = None) -> BuildReport:
    folders = (index.parent / "corpus",)
    return add_documents(index, paths, folders, model or WordHashModel(), SilentProgress())


def build(index: Path) -> BuildReport:
    return build_small(index, index.parent / "corpus")


def remove(index: Path, *ids: str) -> BuildReport:
    return remove_documents(index, ids, WordHashModel(), SilentProgress())


def listed(index: Path) -> dict[str, Listed]:
    reader = Index(index, WordHashModel())
    try:
        with reader.view() as view:
            return {one.document_id: one for one in view.listed()}
    finally:
        reader.close()


def text_of(index: Path, name: str) -> str:
    ledger = Ledger(index)
    try:
        return ledger.texts.of(name)[1]
    finally:
        ledger.close()


def rows_that_hold(index: Path, words: str) -> int:
    """In how many texts of the ledger the words stand, whatever their version."""
    ledger = Ledger(index)
    try:
        (count,) = ledger._db.execute(
            "SELECT count(*) FROM contents WHERE instr(text, ?) OR instr(original, ?)",
            (words, words.encode()),
        ).fetchone()
        return int(count)
    finally:
        ledger.close()


def test_an_added_document_is_indexed_beside_the_folders(index: Path, manual: Path) -> None:
    report = add(index, manual)
    assert (report.documents, report.new, report.unchanged, report.removed) == (4, 1, 3, 0)
    found = listed(index)
    assert found["manual"] == Listed(
        document_id="manual", title="manual", path=str(manual), state="indexed", reason=None,
        chunks=1,
    )  # fmt: skip
    assert {one.state for name, one in found.items() if name != "manual"} == {"unchanged"}
    assert faults_of(index) == []


def test_adding_reads_and_embeds_nothing_else(index: Path, manual: Path, corpus: Path) -> None:
    for path in corpus.iterdir():
        path.unlink()  # what is not there cannot be read
    model = WordHashModel()
    assert add(index, manual, model=model).documents == 4
    assert {text for text in model.encoded if "doc-" in text} == set()


def test_an_added_document_stays_through_later_builds(index: Path, manual: Path) -> None:
    add(index, manual)
    report = build(index)
    assert (report.documents, report.unchanged, report.removed) == (4, 4, 0)
    assert listed(index)["manual"].state == "unchanged"


def test_an_added_document_whose_file_is_gone_stays_until_it_is_removed(
    index: Path, manual: Path
) -> None:
    add(index, manual)
    manual.unlink()
    assert build(index).documents == 4
    reader = Index(index, WordHashModel())
    assert reader.stale_files() == []
    reader.close()
    assert remove(index, "manual").removed == 1
    assert "manual" not in listed(index)


def test_a_changed_file_replaces_its_passages_and_the_old_text_stays_by_its_hash(
    index: Path, manual: Path
) -> None:
    add(index, manual)
    ledger = Ledger(index)
    old = ledger.texts.of("manual")[0]
    ledger.close()
    write(manual, "Coaches visit once a week.")
    report = build(index)
    assert (report.replaced, report.new) == (1, 0)
    assert listed(index)["manual"].state == "replaced"
    assert "Coaches visit twice a month." not in " ".join(contents_of(index).values())
    reader = Index(index, WordHashModel())
    with reader.view() as view:
        was = view.source("manual", old[:16])
        now = view.source("manual")
    reader.close()
    assert (was.text, was.replaced) == ("Coaches visit twice a month.", True)
    assert (now.text, now.replaced) == ("Coaches visit once a week.", False)


def test_a_version_that_never_was_is_not_found(index: Path) -> None:
    reader = Index(index, WordHashModel())
    with reader.view() as view, pytest.raises(DocumentNotFound, match="No version"):
        view.source("doc-1", "0000")
    reader.close()


def test_a_file_that_becomes_unreadable_keeps_what_was_read_of_it(
    index: Path, manual: Path, corpus: Path
) -> None:
    add(index, manual)
    before = contents_of(index)
    manual.write_bytes(b"caf\xe9")
    (corpus / "doc-1.md").write_bytes(b"")
    report = build(index)
    assert sorted(Path(one.path).name for one in report.refused) == ["doc-1.md", "manual.txt"]
    assert contents_of(index) == before
    found = listed(index)
    assert (found["manual"].state, found["manual"].chunks) == ("refused", 1)
    assert "is not UTF-8" in (found["manual"].reason or "")
    assert "is empty" in (found["doc-1"].reason or "")
    write(manual, "Coaches visit once a week.")
    assert build(index).replaced == 1
    assert listed(index)["manual"].state == "replaced"


def test_a_refused_file_is_listed_and_read_again_when_it_changes(index: Path, manual: Path) -> None:
    write(manual, "")
    report = add(index, manual)
    assert (report.new, len(report.refused)) == (0, 1)
    assert listed(index)["manual"].state == "refused"
    assert len(build(index).refused) == 1
    write(manual, "Coaches visit once a week.")
    report = build(index)
    assert (report.new, report.refused) == (1, ())
    assert listed(index)["manual"].state == "indexed"


def test_one_bad_file_loses_none_of_the_others(index: Path, manual: Path, tmp_path: Path) -> None:
    bad = write(tmp_path / "ours" / "bad.txt", "")
    report = add(index, tmp_path / "ours")
    assert [one.path for one in report.refused] == [str(bad)]
    assert report.new == 1
    assert "manual" in listed(index)


def test_removing_leaves_no_trace_of_any_version(index: Path, manual: Path) -> None:
    add(index, manual)
    write(manual, "Coaches visit once a week.")
    build(index)
    assert rows_that_hold(index, "Coaches visit") == 2
    report = remove(index, "manual")
    assert (report.removed, report.documents) == (1, 3)
    assert rows_that_hold(index, "Coaches visit") == 0
    model = WordHashModel()
    add(index, manual, model=model)
    assert "Coaches visit once a week." in model.encoded  # its vectors were gone as well
    assert faults_of(index) == []


def test_not_a_word_of_a_removed_document_is_left_on_the_disk(index: Path, manual: Path) -> None:
    write(manual, "Coaches visit in Quixotry Lane.")
    add(index, manual)
    places = [path for path in index.rglob("*") if path.is_file()]
    assert any(b"quixotr" in path.read_bytes().lower() for path in places)
    remove(index, "manual")
    places = [path for path in index.rglob("*") if path.is_file()]
    assert [path for path in places if b"quixotr" in path.read_bytes().lower()] == []


def test_removing_one_of_two_equal_texts_keeps_the_other(index: Path, manual: Path) -> None:
    twin = write(manual.parent / "twin.txt", manual.read_text("utf-8"))
    add(index, manual, twin)
    remove(index, "twin")
    assert text_of(index, "manual") == "Coaches visit twice a month."
    assert faults_of(index) == []


def test_a_document_of_a_folder_is_not_removed_but_by_its_file(index: Path) -> None:
    with pytest.raises(UsageError, match="comes from a folder") as caught:
        remove(index, "doc-1")
    assert "--without doc-1" in caught.value.remedy
    assert "doc-1" in listed(index)


def test_removing_what_is_not_there_says_so_and_removes_nothing(index: Path, manual: Path) -> None:
    add(index, manual)
    with pytest.raises(DocumentNotFound, match="No document 'gone'"):
        remove(index, "manual", "gone")
    assert "manual" in listed(index)


def test_removing_a_refused_file_ends_its_being_read(index: Path, manual: Path) -> None:
    write(manual, "")
    add(index, manual)
    remove(index, "manual")
    assert "manual" not in listed(index)
    write(manual, "Coaches visit once a week.")
    assert build(index).new == 0


def test_an_id_that_is_used_already_is_refused_and_both_files_named(
    index: Path, corpus: Path, tmp_path: Path
) -> None:
    twin = write(tmp_path / "ours" / "doc-1.txt", "Another plan.")
    report = add(index, twin)
    assert f"is used by {corpus / 'doc-1.md'} already" in report.refused[0].reason
    assert "doc-1.txt.yaml" in report.refused[0].reason
    write(twin.with_name("doc-1.txt.yaml"), "id: our-doc-1\ntitle: Our own plan\n")
    assert add(index, twin).new == 1
    assert listed(index)["our-doc-1"].title == "Our own plan"


def test_an_added_file_that_was_moved_takes_its_place(index: Path, manual: Path) -> None:
    add(index, manual)
    moved = manual.rename(manual.parent / "old").with_name("new") / "manual.txt"
    write(moved, "Coaches visit twice a month.")
    report = add(index, moved)
    assert (report.refused, report.new, report.documents) == ((), 0, 4)
    assert listed(index)["manual"].path == str(moved)
    assert build(index).documents == 4


def test_a_changed_sidecar_alone_replaces_the_document(index: Path, manual: Path) -> None:
    add(index, manual)
    write(manual.with_name("manual.txt.yaml"), "title: The coaches' manual\nyear: 2024\n")
    assert build(index).replaced == 1
    assert listed(index)["manual"].title == "The coaches' manual"


def test_a_sidecar_that_makes_no_sense_refuses_its_document_alone(
    index: Path, manual: Path
) -> None:
    write(manual.with_name("manual.txt.yaml"), "titel: The coaches' manual\n")
    report = add(index, manual)
    assert "manual.txt.yaml: sidecar: field 'titel' is not known" in report.refused[0].reason


def test_a_path_that_does_not_exist_is_named_before_anything_is_read(
    index: Path, manual: Path
) -> None:
    with pytest.raises(UsageError, match="There is no file or folder"):
        add(index, manual, manual.with_name("gone.pdf"))
    assert "manual" not in listed(index)


def test_a_file_of_another_kind_is_named_with_the_kinds_that_are_read(
    index: Path, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=r"only \.md, \.txt, \.pdf, \.docx, \.html, \.htm files"):
        add(index, write(tmp_path / "sheet.xlsx", "1"))


def test_a_link_out_of_a_folder_is_refused_and_one_inside_is_read(
    index: Path, corpus: Path, manual: Path
) -> None:
    (corpus / "linked.txt").symlink_to(manual)
    (corpus / "inside.txt").symlink_to(corpus / "doc-1.md")
    report = build(index)
    assert [Path(one.path).name for one in report.refused] == ["linked.txt"]
    assert f"is a link to {manual}, outside of its folder" in report.refused[0].reason
    assert "inside" in listed(index)


def test_a_link_that_is_added_by_itself_is_read(index: Path, manual: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to(manual)
    assert add(index, link).new == 1
    assert listed(index)["link"].path == str(link)


def test_a_name_with_signs_of_all_kinds_gives_an_id_without_them(
    index: Path, tmp_path: Path
) -> None:
    names = ["up..%2f..%2fpasswd.txt", "a\nb <script>.txt", "'; DROP TABLE documents; --.txt"]
    for name in names:
        write(tmp_path / "ours" / name, f"We call it {name!r} here.")
    assert add(index, tmp_path / "ours").new == 3
    assert set(listed(index)) >= {"up..-2f..-2fpasswd", "a-b-script", "drop-table-documents"}


def test_adding_to_nothing_builds_the_folders_first(
    tmp_path: Path, corpus: Path, manual: Path
) -> None:
    index = tmp_path / "fresh"
    assert (
        add_documents(index, [manual], (corpus,), WordHashModel(), SilentProgress()).documents == 4
    )
    assert faults_of(index) == []


def test_removing_needs_an_index_of_this_version(tmp_path: Path, index: Path, manual: Path) -> None:
    with pytest.raises(IndexMissing):
        remove(tmp_path / "nothing", "manual")
    add(index, manual)
    with pytest.raises(IndexOutdated, match="assistant build"):
        remove_documents(index, ["manual"], WordHashModel("another"), SilentProgress())
    assert "manual" in listed(index)


def test_another_model_reads_an_added_document_again_from_what_was_kept(
    index: Path, manual: Path, corpus: Path
) -> None:
    write(manual.with_name("manual.txt.yaml"), "title: The coaches' manual\nid: ours\n")
    add(index, manual)
    for path in manual.parent.iterdir():
        path.unlink()
    another = WordHashModel("another")
    build_index(index, (corpus,), False, another, SilentProgress())
    assert "Coaches visit twice a month." in another.encoded
    reader = Index(index, another)
    with reader.view() as view:
        source = view.source("ours")
    reader.close()
    assert (source.title, source.text) == ("The coaches' manual", "Coaches visit twice a month.")


def test_a_refused_file_is_not_read_again_while_nothing_changed(index: Path, manual: Path) -> None:
    text = "Ask first. " * 500
    write(manual, text)
    small = Limits(characters=1_000)
    folders = (index.parent / "corpus",)
    add_documents(index, [manual], folders, WordHashModel(), SilentProgress(), small)
    report = build_index(index, folders, False, WordHashModel(), SilentProgress(), small)
    assert "the limit is 1,000" in report.refused[0].reason
    assert build(index).new == 1  # with another limit it is


def test_new_documents_of_a_folder_are_found_by_the_next_build(index: Path, corpus: Path) -> None:
    write_document(corpus, "doc-9", seed="first 9")
    assert build(index).new == 1
    assert listed(index)["doc-9"].state == "indexed"
