import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from assistant.app import Assistant
from assistant.chat.guard import Bounded
from assistant.chat.opening import Opening
from assistant.chat.own_data import own_data_routes
from assistant.chat.routes import page_routes
from assistant.chat.shelf import Shelf
from assistant.chat.threads import thread_routes
from assistant.chat.tickets import Talk
from assistant.chat.uploading import UPLOAD, upload_routes
from assistant.chat.uploads import Uploads
from assistant.store.records import User
from assistant.store.store import Store
from tests.chat.door import PAGES, admission_to, behind, client_to, signed_in, store_in
from tests.store.saved import place, turn

WORDS = PAGES.strings.upload
LARGEST = 1_000_000
PLAN = b"# Ward plan\n\nThe handover begins at seven in the purple room.\n"
TALK = "11111111-1111-4111-8111-111111111111"


class Open:
    """What is ready to answer."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_in(tmp_path) as store:
        yield store


@pytest.fixture
def uploads(tmp_path: Path) -> Iterator[Uploads]:
    made = Uploads(tmp_path / "uploads", LARGEST, 2)
    yield made
    made.close()


@pytest.fixture
def app(store: Store, base: Assistant, uploads: Uploads) -> ASGIApp:
    admission = admission_to(store)
    opening = cast(Opening, Open(base))
    door = behind(
        admission,
        upload_routes(opening, store, uploads, WORDS),
        page_routes(opening, PAGES, "the chat", store, admission, uploads),
        thread_routes(store, "Assistant", uploads),
        own_data_routes(store, admission, Shelf(), PAGES, None, uploads),
    )
    return Bounded(door, 1000, PAGES.too_large, {UPLOAD: LARGEST})


@pytest.fixture
def ada(store: Store) -> User:
    return store.accounts.add("Ada", "reader", None)


@pytest.fixture
def bo(store: Store) -> User:
    return store.accounts.add("Bo", "admin", None)


def page_of(app: ASGIApp, store: Store, user: User) -> TestClient:
    return signed_in(app, admission_to(store), user)


def noted(store: Store) -> list[tuple[str, str]]:
    return [(one.did, one.what) for one in store.audit.entries()]


def test_what_is_sent_is_known_in_that_conversation_and_opens_for_its_reader_alone(
    app: ASGIApp, store: Store, base: Assistant, uploads: Uploads, ada: User, bo: User
) -> None:
    page, talk = page_of(app, store, ada), Talk(ada.id, TALK)
    secret = uploads.tickets.give(talk)
    reply = page.post(f"/upload/{secret}?name=Ward plan.md", content=PLAN)
    assert (reply.status_code, reply.json()["line"]) == (
        200, WORDS.added.replace("$title", "Ward plan"),
    )  # fmt: skip
    with uploads.asking(base, talk) as assistant:
        version = assistant.source("ward-plan").sha256[:16]
    source = f"/source/ward-plan?start=0&end=9&version={version}"
    assert "purple room" in page.get(source).text
    assert page.get(f"/file/ward-plan?version={version}").content == PLAN
    other = page_of(app, store, bo)
    assert other.get(source).status_code == 404
    assert other.get(f"/file/ward-plan?version={version}").status_code == 404
    assert "purple" not in other.get(source).text
    assert noted(store) == [("uploaded", TALK)]


@pytest.mark.parametrize("secret", ["", "none", "%2e%2e"])
def test_without_a_secret_nothing_is_taken(
    app: ASGIApp, store: Store, uploads: Uploads, ada: User, secret: str
) -> None:
    reply = page_of(app, store, ada).post(f"/upload/{secret}?name=plan.md", content=PLAN)
    assert reply.status_code in (404, 405)
    assert uploads.files_of(ada.id) == []


def test_nobody_adds_to_anothers_conversation(
    app: ASGIApp, store: Store, uploads: Uploads, ada: User, bo: User
) -> None:
    secret = uploads.tickets.give(Talk(ada.id, TALK))
    reply = page_of(app, store, bo).post(f"/upload/{secret}?name=plan.md", content=PLAN)
    assert (reply.status_code, reply.json()["detail"]) == (404, WORDS.late)
    assert client_to(app).post(f"/upload/{secret}?name=plan.md", content=PLAN).status_code == 303
    assert uploads.files_of(ada.id) == uploads.files_of(bo.id) == []
    assert page_of(app, store, ada).post(f"/upload/{secret}?name=a.md", content=PLAN).is_success


def test_a_secret_is_for_one_document(
    app: ASGIApp, store: Store, uploads: Uploads, ada: User
) -> None:
    page, secret = page_of(app, store, ada), uploads.tickets.give(Talk(ada.id, TALK))
    assert page.post(f"/upload/{secret}?name=a.md", content=PLAN).status_code == 200
    assert page.post(f"/upload/{secret}?name=b.md", content=PLAN).status_code == 404
    assert len(uploads.files_of(ada.id)) == 1


def test_only_an_admin_adds_for_everybody(
    app: ASGIApp, store: Store, base: Assistant, uploads: Uploads, ada: User, bo: User
) -> None:
    for user, status in ((ada, 403), (bo, 200)):
        secret = uploads.tickets.give(Talk(user.id, TALK))
        address = f"/upload/{secret}?name=Ward plan.md&everybody=1"
        assert page_of(app, store, user).post(address, content=PLAN).status_code == status
        assert ("ward-plan" in base.documents()) is (status == 200)
    assert noted(store) == [("uploaded", "for everybody"), ("upload refused", "not an admin")]
    assert uploads.files_of(bo.id) == []


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("plan.pdf", PLAN, 422), ("plan.docx", b"%PDF-1.7", 422), ("plan.exe", b"MZ", 422),
        ("../../plan", PLAN, 422), ("plan.md", b"", 422), ("", PLAN, 422),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_a_sentence(
    app: ASGIApp, store: Store, uploads: Uploads, tmp_path: Path, ada: User,
    name: str, data: bytes, status: int,
) -> None:  # fmt: skip
    secret = uploads.tickets.give(Talk(ada.id, TALK))
    reply = page_of(app, store, ada).post(f"/upload/{secret}", params={"name": name}, content=data)
    assert reply.status_code == status
    assert reply.json()["detail"].endswith(".")
    assert str(tmp_path) not in reply.text
    assert uploads.files_of(ada.id) == []
    assert [did for did, _ in noted(store)] == (["upload refused"] if name else [])


def test_fifty_megabytes_of_a_false_type_are_refused_and_nothing_is_changed(
    app: ASGIApp, store: Store, uploads: Uploads, base: Assistant, ada: User
) -> None:
    before = base.contents
    page, secret = page_of(app, store, ada), uploads.tickets.give(Talk(ada.id, TALK))
    said = page.post(f"/upload/{secret}?name=plan.pdf", content=b"MZ" * 25_000_000)
    assert said.status_code == 413  # before a byte of it was read

    def parts() -> Iterator[bytes]:  # it does not say how much it will be
        for _ in range(50):
            yield b"MZ" * 500_000

    unsaid = page.post(f"/upload/{secret}?name=plan.pdf", content=parts())
    assert unsaid.status_code == 413
    assert unsaid.json()["detail"] == WORDS.too_large.replace("$most", "1")
    assert uploads.files_of(ada.id) == []
    assert base.contents == before
    assert noted(store) == [("upload refused", "too large")]


def test_other_addresses_take_no_more_than_before(app: ASGIApp, store: Store, ada: User) -> None:
    reply = page_of(app, store, ada).put("/project/thread", content=b"x" * 1001)
    assert reply.status_code == 413


def test_too_many_are_refused(app: ASGIApp, store: Store, uploads: Uploads, ada: User) -> None:
    page = page_of(app, store, ada)
    statuses = []
    for number in range(3):
        secret = uploads.tickets.give(Talk(ada.id, TALK))
        reply = page.post(f"/upload/{secret}?name={number}.md", content=PLAN)
        statuses.append(reply.status_code)
    assert statuses == [200, 200, 429]
    assert noted(store)[0] == ("upload refused", "UploadRefused")


def test_documents_are_deleted_with_their_conversation_and_with_all_data(
    app: ASGIApp, store: Store, uploads: Uploads, ada: User, bo: User
) -> None:
    page = page_of(app, store, ada)
    for conversation in ("talk-1", "talk-2"):
        store.history.save(ada.id, place(conversation), turn(f"of-{conversation}"), [])
        secret = uploads.tickets.give(Talk(ada.id, conversation))
        assert page.post(f"/upload/{secret}?name=plan.md", content=PLAN).status_code == 200
    other = page_of(app, store, bo)
    chosen = {"threadId": "talk-1"}
    assert other.request("DELETE", "/project/thread", json=chosen).status_code == 404
    assert len(uploads.files_of(ada.id)) == 2
    assert page.request("DELETE", "/project/thread", json=chosen).status_code == 200
    assert [one.parent.parent.name for one in uploads.files_of(ada.id)] == ["talk-2"]
    other.post("/data/delete", data={"sure": "yes"})
    assert len(uploads.files_of(ada.id)) == 1
    page.post("/data/delete", data={"sure": "yes"})
    assert uploads.files_of(ada.id) == []


def test_a_copy_of_ones_data_has_ones_documents(
    app: ASGIApp, store: Store, uploads: Uploads, tmp_path: Path, ada: User, bo: User
) -> None:
    page = page_of(app, store, ada)
    assert page.get("/data/export").headers["content-type"] == "application/json"
    secret = uploads.tickets.give(Talk(ada.id, TALK))
    page.post(f"/upload/{secret}?name=Ward plan.md", content=PLAN)
    reply = page.get("/data/export")
    assert reply.headers["content-type"] == "application/zip"
    assert '.zip"' in reply.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(reply.content)) as archive:
        assert archive.read(f"documents/{TALK}/Ward plan.md") == PLAN
        assert json.loads(archive.read("data.json"))["account"]["name"] == "Ada"
    other = page_of(app, store, bo).get("/data/export")
    assert other.headers["content-type"] == "application/json"
    assert PAGES.strings.data.uploads in page.get("/data").text
