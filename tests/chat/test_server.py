import errno
import gzip
import http.client
import json
import re
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.app import Assistant
from assistant.chat import server
from assistant.chat.admission import Admission, Admitting
from assistant.chat.guard import HEADERS, Guard
from assistant.chat.listening import address_of, listening
from assistant.chat.opening import Opening
from assistant.chat.pages import Pages
from assistant.chat.routes import add_failures, page_routes
from assistant.chat.secret import SecretUnusable
from assistant.chat.server import serve
from assistant.chat.site import ChainlitUnusable
from assistant.chat.strings import Strings, read_strings
from assistant.errors import (
    AssistantError,
    IndexDamaged,
    IndexMissing,
    SettingsError,
    StorageFull,
    UsageError,
)
from assistant.index.progress import Progress
from assistant.records import Source
from assistant.settings import Settings
from assistant.store.database import StoreError
from assistant.store.store import Store, open_store
from tests.chat.serving import Served, scripted_chat
from tests.fakes import MANUAL, QUOTES, ScriptedAssistant, SilentProgress, pdf_of
from tests.store.saved import place, turn
from tests.store.saved import source as kept_source

PATIENCE = 20.0
GUIDE = "/source/a%2Fguide%20%281%29"
HANDBOOK_FILE = "/file/ward%2Fhandbook"
TEXT = ScriptedAssistant().text
VERSION = ScriptedAssistant().sha256[:16]


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = str(tmp_path_factory.mktemp("chat"))
    with scripted_chat(XDG_STATE_HOME=folder, TMPDIR=folder, OWN_DOCUMENTS="1") as served:
        yield served
        assert served.process.poll() is None, served.lines
        assert "Traceback" not in "".join(served.lines)


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def page(self) -> str:
        assert self.headers["content-type"] == "text/html; charset=utf-8"
        return self.body.decode()


def ask(
    chat: Served, path: str, method: str = "GET", host: str | None = None, **headers: str
) -> Reply:
    """One request with just these headers and the path as it is."""
    here = urlsplit(chat.address).netloc
    connection = http.client.HTTPConnection(here, timeout=PATIENCE)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", host or here)
        if method in ("POST", "PUT", "PATCH"):
            connection.putheader("Content-Length", "0")
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        reply = connection.getresponse()
        shown = {name.lower(): value for name, value in reply.getheaders()}
        return Reply(reply.status, shown, b"" if reply.status == 101 else reply.read())
    finally:
        connection.close()


def test_the_chats_page_is_ours_and_loads_nothing_from_elsewhere(chat: Served) -> None:
    reply = ask(chat, "/")
    assert reply.status == 200
    assert "<title>Implementation Assistant</title>" in reply.page
    addresses = re.findall(r'(?:src|href)="([^"]*)"', reply.page)
    assert len(addresses) >= 5
    assert [a for a in addresses if not re.match(r"/(?!/)|#", a)] == []
    assert "http" not in reply.page.replace('http-equiv="', "")
    assert "//" not in reply.page


def test_our_script_runs_before_chainlits_and_the_other_after_it(chat: Served) -> None:
    first, chainlits, last = re.findall(r'<script[^>]* src="([^"]+)"', ask(chat, "/").page)
    assert first == "/public/before.js"
    assert chainlits.startswith("/assets/index-")
    assert last == "/public/chat.js"


def test_the_page_has_no_script_that_the_policy_forbids(chat: Served) -> None:
    page = ask(chat, "/").page
    inside = re.findall(r"<script(?![^>]* src=)([^>]*)>", page)
    assert inside == [' type="application/json" id="strings"']
    assert not re.findall(r"\son\w+=", page)


def test_everything_that_the_page_loads_is_there(chat: Served) -> None:
    loaded = re.findall(r'(?:src|href)="(/(?:assets|public)/[^"]+)"', ask(chat, "/").page)
    replies = {path: ask(chat, path) for path in loaded}
    assert {path: reply.status for path, reply in replies.items()} == dict.fromkeys(loaded, 200)
    kinds = {".js": "/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    for path, reply in replies.items():
        assert kinds[Path(path).suffix] in reply.headers["content-type"]
        kept = reply.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert kept == path.startswith("/assets/")


def test_it_says_that_it_lives_and_that_it_is_ready(chat: Served) -> None:
    assert json.loads(ask(chat, "/healthz").body) == {"status": "ok"}
    ready = ask(chat, "/readyz")
    assert ready.status == 200
    assert json.loads(ready.body) == {
        "state": "ready", "step": "", "done": 0, "total": 0, "problem": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "/", "/healthz", "/readyz", f"{GUIDE}?start=0&end=14", "/public/chat.js", "/file/manual",
        HANDBOOK_FILE,
    ],
)  # fmt: skip
def test_head_gives_the_same_headers_without_the_body(chat: Served, path: str) -> None:
    head, whole = ask(chat, path, "HEAD"), ask(chat, path)
    assert (head.status, head.body) == (200, b"")
    for name in ("content-type", "content-length", "cache-control", *HEADERS):
        assert head.headers[name] == whole.headers[name]


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PATHS = (
    "/docs",
    "/docs/oauth2-redirect",
    "/redoc",
    "/openapi.json",
    "/health",
    "/project/file",
    "/project/file/x",
    "/project/action",
    "/project/thread",
    "/project/thread/x",
    "/project/threads",
    "/project/element",
    "/project/share/x",
    "/project/feedback",
    "/copilot/x",
    "/mcp",
    "/feedback",
    "/login",
    "/login/callback",
    "/logout",
    "/auth/header",
    "/auth/jwt",
    "/auth/oauth/github",
    "/auth/oauth/github/callback",
    "/avatars/x",
    "/favicon",
    "/nonsense",
    "/thread/1",
    "/share/1",
    "/element/1",
    "/index.html",
    "/.chainlit/config.toml",
    "//evil.example/",
    "/ws/socket.io/?EIO=4&transport=polling",
)
SERVED = {  # of these paths, by tests of their own
    "/project/thread": {"PUT", "DELETE"},
    "/project/thread/x": {"GET"},
    "/project/threads": {"POST"},
    "/feedback": {"PUT", "DELETE"},
    "/login": {"GET", "HEAD", "POST"},
    "/logout": {"POST"},
    "/auth/header": {"POST"},
    "/thread/1": {"GET", "HEAD"},
}


@pytest.mark.parametrize(
    ("path", "method"),
    [
        (path, method)
        for path in PATHS
        for method in METHODS
        if method not in SERVED.get(path, set())
    ],
)
def test_what_the_chat_does_not_use_is_not_there(chat: Served, path: str, method: str) -> None:
    reply = ask(chat, path, method)
    assert reply.status == 404
    assert "location" not in reply.headers
    assert method == "HEAD" or "There is no such page" in reply.page


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_nothing_changes_by_other_methods(chat: Served, method: str) -> None:
    for path in ("/", "/prepare", "/readyz", "/public/chat.js", GUIDE):
        assert ask(chat, path, method).status in (404, 405)


@pytest.mark.parametrize(
    "path",
    [
        "/public/../handlers.py",
        "/public/../../server.py",
        "/public/%2e%2e/handlers.py",
        "/public/..%2fhandlers.py",
        "/public/%2e%2e%2fhandlers.py",
        "/public/%252e%252e/handlers.py",
        "/public/..%5chandlers.py",
        "/public/....//handlers.py",
        "/public//handlers.py",
        "/public//etc/passwd",
        "/public/%2fetc/passwd",
        "/public/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/public/chat.js%00.css",
        "/public/" + "a" * 300,
        "/public/",
        "/public/nothing.js",
        "/assets/../index.html",
        "/assets/%2e%2e/index.html",
        "/assets/..%2findex.html",
        "/assets/%2e%2e%2findex.html",
        "/assets/..%5cindex.html",
        "/assets/",
    ],
)
def test_no_way_leads_out_of_the_folders_of_files(chat: Served, path: str) -> None:
    reply = ask(chat, path)
    assert reply.status == 404
    assert "There is no such page" in reply.page


def test_a_source_is_shown_with_its_quote_marked(chat: Served) -> None:
    quote = QUOTES["brackets"]
    start = TEXT.index(quote)
    reply = ask(chat, f"{GUIDE}?start={start}&end={start + len(quote)}&version={VERSION}")
    assert reply.status == 200
    assert f"<mark>{quote}</mark>" in reply.page
    assert reply.page.count("<mark>") == 1
    assert "<h2>A guide: *with* [signs] &amp; &lt;tags&gt;</h2>" in reply.page
    assert "Some &lt;publisher&gt;, 2024" in reply.page
    assert 'href="https://original.example/guide" rel="noopener noreferrer"' in reply.page


def test_what_a_source_says_is_text_and_no_markup(chat: Served) -> None:
    quote = QUOTES["html"]
    start = TEXT.index(quote)
    page = ask(chat, f"{GUIDE}?start={start}&end={start + len(quote)}").page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not re.search(r"<script|<img|<b>", page)


@pytest.mark.parametrize("path", [GUIDE, "/source/a/guide%20(1)", "/source/a/guide%20%281%29"])
def test_an_id_is_found_however_its_signs_are_encoded(chat: Served, path: str) -> None:
    reply = ask(chat, f"{path}?start=0&end=14&version={VERSION}")
    assert (reply.status, "<mark>Opening words.</mark>" in reply.page) == (200, True)


def test_a_document_that_has_changed_is_gone_and_says_so(chat: Served) -> None:
    reply = ask(chat, f"{GUIDE}?start=0&end=14&version={'0' * 16}")
    assert reply.status == 410
    assert "This document has changed since the answer was given" in reply.page
    assert "Ask the question again" in reply.page
    assert "Opening words." not in reply.page


def test_a_document_as_it_was_is_shown_with_a_word_on_that(chat: Served) -> None:
    old = ScriptedAssistant.OLD_TEXT
    place = f"start={old.index('What')}&end={len(old)}"
    reply = ask(chat, f"{GUIDE}?{place}&version={ScriptedAssistant.OLD_SHA256[:16]}")
    assert reply.status == 200
    assert "<mark>What was said then.</mark>" in reply.page
    assert "This is the text as it was when the answer was given." in reply.page
    assert "There is a newer version of this document." in reply.page
    now = ask(chat, f"{GUIDE}?start=0&end=14&version={VERSION}")
    assert "as it was" not in now.page


@pytest.mark.parametrize("name", ["nope", "", "a%2Fguide", "%00", "%FF", "..%2f..%2fetc", "<b>"])
def test_a_document_that_is_not_there_is_said_to_be_gone(chat: Served, name: str) -> None:
    reply = ask(chat, f"/source/{name}?start=0&end=14")
    assert reply.status == 404
    assert "This document is no longer in the index" in reply.page
    assert "<b>" not in reply.page


@pytest.mark.parametrize(
    "place",
    [
        "",
        "?start=0",
        "?end=14",
        "?start=14&end=14",
        "?start=14&end=0",
        "?start=-3&end=14",
        "?start=0&end=-1",
        f"?start=0&end={len(TEXT) + 1}",
        "?start=0&end=99999999999999999999999",
        f"?start=0&end={'9' * 5000}",
        "?start=x&end=14",
        "?start=&end=",
        "?start=1.5&end=3",
        "?start=0&end=nan",
        "?start=0&end=%00",
        "?start=0&end=14&start=x",
    ],
)
@pytest.mark.parametrize("whole", ["", "whole=1"])
def test_a_link_that_names_no_place_gets_a_page_that_says_so(
    chat: Served, place: str, whole: str
) -> None:
    address = GUIDE + place + (("&" if place else "?") + whole if whole else "")
    reply = ask(chat, address)
    assert reply.status == 404
    assert "The link names no place in this document." in reply.page


def test_a_link_with_a_strange_wish_is_no_failure(chat: Served) -> None:
    reply = ask(chat, f"{GUIDE}?start=0&end=14&whole=x")
    assert reply.status in (200, 404)
    assert reply.page.startswith("<!doctype html>")


def test_all_of_a_document_is_shown_to_who_asks_for_it(chat: Served) -> None:
    page = ask(chat, f"{GUIDE}?start=0&end=14&version={VERSION}&whole=1").page
    assert "<mark>Opening words.</mark>" in page
    assert "Closing words." in page
    assert 'class="cut"' not in page


PDF = {"content-type": "application/pdf"}
SAVED = {"content-type": "application/octet-stream"}


def test_a_pdf_is_given_out_to_be_shown(chat: Served) -> None:
    reply = ask(chat, "/file/manual")
    assert (reply.status, reply.body) == (200, pdf_of(MANUAL))
    assert reply.headers.items() >= (HEADERS | PDF).items()
    assert reply.headers["content-disposition"].startswith('inline; filename="manual.pdf"')


@pytest.mark.parametrize(
    "path", [HANDBOOK_FILE, "/file/ward/handbook", GUIDE.replace("source", "file")]
)
def test_any_other_file_is_only_saved(chat: Served, path: str) -> None:
    reply = ask(chat, path, accept="text/html")
    assert reply.status == 200
    assert reply.headers.items() >= (HEADERS | SAVED).items()
    assert reply.headers["content-disposition"].startswith("attachment; filename=")
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_a_file_has_its_name_in_ascii_and_as_it_is(chat: Served) -> None:
    assert ask(chat, HANDBOOK_FILE).headers["content-disposition"] == (
        'attachment; filename="Ward_handbook_e.docx"; '
        "filename*=UTF-8''Ward%20handbook%20%C3%A9.docx"
    )


def test_a_file_that_is_another_now_is_not_given_out(chat: Served) -> None:
    sha256 = ScriptedAssistant(own=True).source("manual").sha256
    assert ask(chat, f"/file/manual?version={sha256[:16]}").body == pdf_of(MANUAL)
    reply = ask(chat, f"/file/manual?version={'0' * 16}")
    assert reply.status == 410
    assert "The file is another now." in reply.page
    old = ask(chat, f"{GUIDE.replace('source', 'file')}?version={ScriptedAssistant.OLD_SHA256}")
    assert old.status == 410


@pytest.mark.parametrize("name", ["nope", "", "%00", "%FF", "..%2f..%2fetc%2fpasswd", "<b>"])
def test_a_file_that_is_not_there_is_said_to_be_gone(chat: Served, name: str) -> None:
    reply = ask(chat, f"/file/{name}")
    assert reply.status == 404
    assert "This document is no longer in the index" in reply.page


def test_a_file_is_not_compressed_on_its_way(chat: Served) -> None:
    assert "content-encoding" not in ask(chat, "/file/manual", accept_encoding="gzip").headers


def test_another_website_cannot_read_a_file(chat: Served) -> None:
    reply = ask(chat, "/file/manual", sec_fetch_site="cross-site", sec_fetch_mode="no-cors")
    assert reply.status == 403
    assert ask(chat, "/file/manual", "POST").status == 404


def test_the_page_of_a_pdf_leads_to_the_file_and_that_to_its_bytes(chat: Served) -> None:
    text = ScriptedAssistant(own=True).own["manual"].text
    start = text.index("A coach")
    page = ask(chat, f"/source/manual?start={start}&end={start + 9}").page
    (link,) = re.findall(r'class="open-page" href="([^"]+)#page=2"', page)
    assert ask(chat, link.replace("&amp;", "&")).body == pdf_of(MANUAL)
    assert "Page 2 (printed as 8)" in page


def test_the_page_of_a_file_of_ones_own_leads_to_it_at_the_section(chat: Served) -> None:
    page = ask(chat, "/source/ward%2Fhandbook?start=0&end=4&anchor=handover").page
    (link,) = re.findall(r'class="download" href="([^"]+)"', page)
    assert ask(chat, link.replace("&amp;", "&")).body == b"PK of a <script>"
    assert 'href="https://ward.example/handbook#handover"' in page


def test_all_of_a_document_is_shown_with_the_same_section() -> None:
    assistant = Long()
    client = client_of(opened(assistant))
    page = client.get(f"{GUIDE}?start=9000&end=9009&anchor=part-2").text
    (whole,) = set(re.findall(r'class="cut">[^<]*<a href="([^"]+)"', page))
    assert "original.example/guide#part-2" in client.get(whole.replace("&amp;", "&")).text


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "[::1", "localhost@evil"]
)
def test_another_name_is_refused_with_a_page_that_says_why(chat: Served, host: str) -> None:
    for path in ("/", "/readyz", "/public/chat.js", "/user", GUIDE):
        reply = ask(chat, path, host=host)
        assert reply.status == 421
        assert "This request was refused" in reply.page
        assert "ASSISTANT_ALLOWED_HOSTS" in reply.page


def test_the_name_that_is_refused_is_shown_as_text(chat: Served) -> None:
    page = ask(chat, "/", host="<script>alert(1)</script>.example").page
    assert "<script>alert(1)" not in page


def test_our_own_names_are_let_in_over_the_wire(chat: Served) -> None:
    port = urlsplit(chat.address).port
    for host in ("localhost", f"LOCALHOST:{port}", f"127.0.0.1:{port}", f"[::1]:{port}"):
        assert ask(chat, "/healthz", host=host).status == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:1", "http://["]
)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/prepare"), ("POST", "/set-session-cookie"), ("GET", "/readyz")]
)
def test_another_website_is_refused_over_the_wire(
    chat: Served, origin: str, method: str, path: str
) -> None:
    reply = ask(chat, path, method, origin=origin)
    assert reply.status == 403
    assert "Another website tried to use the chat" in reply.page


SOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec_WebSocket_Version": "13",
}


def test_the_socket_opens_for_our_own_page_and_for_no_other(chat: Served) -> None:
    path = "/ws/socket.io/?EIO=4&transport=websocket"
    statuses = {
        origin: ask(chat, path, origin=origin, **SOCKET).status
        for origin in (chat.address, "http://evil.example", "null", "http://localhost:1")
    }
    assert statuses == {
        chat.address: 101, "http://evil.example": 403, "null": 403, "http://localhost:1": 403
    }  # fmt: skip


def test_the_socket_opens_under_no_other_name_and_at_no_other_place(chat: Served) -> None:
    path = "/ws/socket.io/?EIO=4&transport=websocket"
    evil = {"host": "evil.example", "origin": "http://evil.example"}
    assert ask(chat, path, **evil, **SOCKET).status == 403
    assert ask(chat, "/elsewhere", origin=chat.address, **SOCKET).status == 403


def test_what_is_long_is_sent_compressed_to_who_can_read_that(chat: Served) -> None:
    path = re.findall(r'src="(/assets/[^"]+)"', ask(chat, "/").page)[0]
    small, plain = ask(chat, path, Accept_Encoding="gzip"), ask(chat, path)
    assert small.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(small.body) == plain.body
    assert len(small.body) < len(plain.body) / 2


def test_every_reply_over_the_wire_carries_all_headers(chat: Served) -> None:
    replies = [
        ask(chat, "/"),
        ask(chat, "/", "HEAD"),
        ask(chat, "/readyz"),
        ask(chat, "/nonsense"),
        ask(chat, "/public/chat.js"),
        ask(chat, "/public/nothing"),
        ask(chat, "/public/chat.js", "POST"),
        ask(chat, "/user"),
        ask(chat, "/set-session-cookie", "POST"),
        ask(chat, f"{GUIDE}?start=x"),
        ask(chat, "/", host="evil.example"),
        ask(chat, "/", origin="null"),
        ask(chat, "/prepare", "POST"),
        ask(chat, "/file/manual"),
        ask(chat, HANDBOOK_FILE),
        ask(chat, "/file/nothing"),
    ]
    for reply in replies:
        assert {name: reply.headers.get(name) for name in HEADERS} == HEADERS
        assert "uvicorn" not in reply.headers.get("x-powered-by", "")


def test_chainlit_is_asked_for_no_password_and_takes_no_files(chat: Served) -> None:
    cookie = ask(chat, "/").headers["set-cookie"].partition(";")[0]
    auth = json.loads(ask(chat, "/auth/config").body)
    settings = json.loads(ask(chat, "/project/settings?language=en-US", cookie=cookie).body)
    assert auth["requireLogin"]
    assert auth["headerAuth"]
    assert not auth["passwordAuth"]
    assert auth["oauthProviders"] == []
    assert settings["features"]["spontaneous_file_upload"]["enabled"] is False
    assert settings["dataPersistence"] is True
    assert settings["threadResumable"] is True


@pytest.mark.parametrize("cookie", ["", "assistant_session=x", "assistant_session=a.b.c; y=z"])
def test_alone_chainlit_knows_the_one_user_whatever_cookie_is_sent(
    chat: Served, cookie: str
) -> None:
    first = ask(chat, "/").headers["set-cookie"].partition(";")[0]
    known, shown = (json.loads(ask(chat, "/user", cookie=one).body) for one in (first, cookie))
    assert shown["identifier"] == known["identifier"]
    assert shown["display_name"] == "You"


@pytest.mark.parametrize(
    "path", ["/thread/1", "/thread/29ac62df-99e7-4583-b60f-54dd3d27faf0", "/thread/%00"]
)
def test_at_the_address_of_a_conversation_is_the_same_page(chat: Served, path: str) -> None:
    reply = ask(chat, path)
    assert (reply.status, reply.body) == (200, ask(chat, "/").body)


class Opened(ScriptedAssistant):
    """Its source fails as it is told."""

    def __init__(self, fault: Exception | None = None) -> None:
        super().__init__()
        self.fault = fault

    def source(self, document_id: str, version: str = "") -> Source:
        if self.fault:
            raise self.fault
        return super().source(document_id, version)


def opening_of(open_it: Callable[[Progress], ScriptedAssistant]) -> Opening:
    return Opening(lambda told: cast(Assistant, open_it(told)), SilentProgress(), "Loading words")


def wait_for_the_end() -> None:
    """Return when no thread opens anything any more."""
    for thread in threading.enumerate():
        if thread.name == "opening":
            thread.join(PATIENCE)
            assert not thread.is_alive()


def opened(assistant: ScriptedAssistant) -> Opening:
    opening = opening_of(lambda _: assistant)
    opening.start()
    wait_for_the_end()
    return opening


def client_of(opening: Opening, folder: Path = Path()) -> TestClient:
    """Our own pages, without Chainlit, and what is kept in that folder."""
    pages = Pages(read_strings())
    store = open_store(f"sqlite:///{folder}/history.db")
    admission = Admission("alone", store.accounts, "a secret that is long enough to sign with")
    app = FastAPI()
    app.include_router(page_routes(opening, pages, "<p>the chat</p>", store, admission))
    add_failures(app, pages)
    admitting = Admitting(app, admission, lambda error: HTMLResponse(pages.failed(str(error))))
    return TestClient(admitting, follow_redirects=False, raise_server_exceptions=False)


def test_until_it_is_ready_the_page_says_what_is_being_prepared() -> None:
    reached, go_on = threading.Event(), threading.Event()

    def open_it(told: Progress) -> ScriptedAssistant:
        with told.step("Embedding <x>", 9) as advance:
            advance(4)
            reached.set()
            assert go_on.wait(PATIENCE)
        return ScriptedAssistant()

    opening = opening_of(open_it)
    client = client_of(opening)
    before = client.get("/")
    opening.start()
    assert reached.wait(PATIENCE)
    during, source, ready = client.get("/"), client.get(GUIDE), client.get("/readyz")
    go_on.set()
    wait_for_the_end()
    after, shown = client.get("/"), client.get(f"{GUIDE}?start=0&end=14")
    assert (before.status_code, "Loading words" in before.text) == (503, True)
    assert during.status_code == source.status_code == ready.status_code == 503
    for page in (during.text, source.text):
        assert "<h1>Preparing the guidance</h1>" in page
        assert 'role="status">Embedding &lt;x&gt;</p>' in page
        assert 'max="9" value="4"' in page
        assert "/public/preparing.js" in page
    assert ready.json() == {
        "state": "preparing", "step": "Embedding <x>", "done": 4, "total": 9, "problem": "",
    }  # fmt: skip
    assert (after.status_code, after.text) == (200, "<p>the chat</p>")
    assert (shown.status_code, "<mark>Opening words.</mark>" in shown.text) == (200, True)


def test_while_it_is_being_prepared_it_lives() -> None:
    client = client_of(opening_of(lambda _: ScriptedAssistant()))
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 503)


def test_what_went_wrong_is_said_and_it_can_be_tried_again() -> None:
    faults: list[Exception | None] = [IndexMissing("No <index>.", "Run: assistant build"), None]

    def open_it(_: Progress) -> ScriptedAssistant:
        if fault := faults.pop(0):
            raise fault
        return ScriptedAssistant()

    opening = opening_of(open_it)
    client = client_of(opening)
    opening.start()
    wait_for_the_end()
    page, source, ready = client.get("/"), client.get(GUIDE), client.get("/readyz")
    again = client.post("/prepare")
    wait_for_the_end()
    assert page.status_code == source.status_code == ready.status_code == 503
    for text in (page.text, source.text):
        assert "<h1>The chat cannot start yet</h1>" in text
        assert 'role="alert">No &lt;index&gt;. Run: assistant build</p>' in text
        assert '<form method="post" action="/prepare"><button>Try again</button></form>' in text
        assert "preparing.js" not in text or "<progress" not in text
    assert (ready.json()["state"], ready.json()["problem"]) == (
        "failed",
        "No <index>. Run: assistant build",
    )
    assert (again.status_code, again.headers["location"]) == (303, "/")
    assert client.get("/").text == "<p>the chat</p>"
    assert client.get("/readyz").json()["state"] == "ready"


def test_to_prepare_what_is_ready_changes_nothing() -> None:
    opening = opened(ScriptedAssistant())
    before = opening.assistant
    reply = client_of(opening).post("/prepare")
    wait_for_the_end()
    assert (reply.status_code, reply.headers["location"]) == (303, "/")
    assert opening.assistant is before


def test_a_source_that_cannot_be_read_is_said_with_its_remedy() -> None:
    fault = IndexDamaged("The index <contradicts> itself.", "Run: assistant build")
    reply = client_of(opened(Opened(fault))).get(f"{GUIDE}?start=0&end=14")
    assert reply.status_code == 500
    assert "That did not work" in reply.text
    assert "The index &lt;contradicts&gt; itself. Run: assistant build" in reply.text


def test_a_source_that_should_not_have_failed_is_written_down(tmp_path: Path) -> None:
    fault = RuntimeError("a secret of the inside")
    reply = client_of(opened(Opened(fault))).get(f"{GUIDE}?start=0&end=14")
    (log,) = (tmp_path / "state").rglob("failure.log")
    assert reply.status_code == 500
    assert "That did not work" in reply.text
    assert str(log) in reply.text
    assert "secret" not in reply.text
    assert "RuntimeError: a secret of the inside" in log.read_text("utf-8")


def kept_by(user: str, text: str, document_id: str) -> Source:
    """A document that a conversation of the user cites, in the database of `client_of`."""
    cited = kept_source(document_id, text)
    with closing(open_store("sqlite:///history.db")) as store:
        accounts = store.accounts
        owner = accounts.local() if user == "local" else accounts.add(user, "reader", None)
        store.history.save(owner.id, place(f"talk-{user}"), turn(f"turn-{user}"), [cited])
    return cited


def link_to(cited: Source, version: int = 16) -> str:
    wanted = f"start=0&end={len(cited.text)}&version={cited.sha256[:version]}"
    return f"/source/{quote(cited.document_id, '')}?{wanted}"


@pytest.mark.parametrize(
    ("document_id", "state"), [("removed/plan", "gone"), (ScriptedAssistant.LIBRARY, "older")]
)
def test_a_text_that_is_in_no_index_any_more_is_there_for_who_has_kept_an_answer_from_it(
    document_id: str, state: str
) -> None:
    client = client_of(opened(ScriptedAssistant()))
    cited = kept_by("local", "Plan <early>.", document_id)
    reply = client.get(link_to(cited))
    assert reply.status_code == 200
    assert "<mark>Plan &lt;early&gt;.</mark>" in reply.text
    assert read_strings().pages[state] in reply.text
    assert client.get(f"{link_to(cited)}&whole=1").status_code == 200
    assert 'class="download"' not in reply.text


@pytest.mark.parametrize(
    ("document_id", "status"), [("removed/plan", 404), (ScriptedAssistant.LIBRARY, 410)]
)
def test_a_text_that_is_in_no_index_any_more_is_not_there_for_anybody_else(
    document_id: str, status: int
) -> None:
    client = client_of(opened(ScriptedAssistant()))
    cited = kept_by("Ada", "Plan <early>.", document_id)
    reply = client.get(link_to(cited))
    assert reply.status_code == status
    assert "Plan" not in reply.text


@pytest.mark.parametrize("version", [0, 4, 11])
def test_a_text_that_is_kept_is_not_found_by_a_guessed_version(version: int) -> None:
    client = client_of(opened(ScriptedAssistant()))
    cited = kept_by("local", "Plan <early>.", "removed/plan")
    assert client.get(link_to(cited, 12)).status_code == 200
    assert client.get(link_to(cited, version)).status_code == 404


def test_of_a_document_that_was_removed_the_file_is_not_to_be_had() -> None:
    client = client_of(opened(ScriptedAssistant()))
    cited = kept_by("local", "Plan <early>.", "removed/plan")
    reply = client.get(link_to(cited).replace("/source/", "/file/"))
    assert reply.status_code == 404
    assert read_strings().pages["removed"] in reply.text


class Long(ScriptedAssistant):
    """Its document is longer than what is shown around a quote."""

    def __init__(self) -> None:
        super().__init__()
        self.text = "\n\n".join(f"Paragraph {number} of many." for number in range(2000))


def test_around_a_quote_of_a_long_document_leads_a_link_to_all_of_it() -> None:
    assistant = Long()
    start = assistant.text.index("Paragraph 1000 of")
    place = f"start={start}&end={start + 9}&version={assistant.sha256[:16]}"
    client = client_of(opened(assistant))
    page = client.get(f"{GUIDE}?{place}").text
    assert page.count('class="cut"') == 2
    assert "Paragraph 0 of many" not in page
    (whole,) = set(re.findall(r'class="cut">[^<]*<a href="([^"]+)"', page))
    shown = client.get(whole.replace("&amp;", "&")).text
    assert whole.startswith(f"{GUIDE}?")
    assert "Paragraph 0 of many" in shown
    assert "Paragraph 1999 of many" in shown
    assert shown.count("<mark>Paragraph</mark>") == 1
    assert 'class="cut"' not in shown


@pytest.fixture(scope="module")
def ready_client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return client_of(opened(ScriptedAssistant()), tmp_path_factory.mktemp("ready"))


@settings(deadline=None)
@given(st.text(max_size=20), st.text(max_size=20))
def test_no_link_into_a_document_is_a_failure(
    ready_client: TestClient, start: str, end: str
) -> None:
    reply = ready_client.get(GUIDE, params={"start": start, "end": end, "version": end[:1]})
    assert reply.status_code in (200, 404, 410)
    assert reply.headers["content-type"] == "text/html; charset=utf-8"


class Stop(Exception):
    """Ends `serve` where the application would be made."""


@dataclass
class Asked:
    """With what `serve` wants to make the application."""

    folder: Path
    admission: Admission
    hosts: frozenset[str]
    any_address: bool


def serving(
    monkeypatch: pytest.MonkeyPatch, host: str, fault: Exception, open_to_all: bool = False,
    **settings: Any,
) -> list[Asked]:  # fmt: skip
    """What `serve` asks for, if it may listen at any name; the application fails as told."""
    asked: list[Asked] = []

    def make(
        _: Opening, folder: Path, __: Strings, store: Store, admission: Admission,
        hosts: frozenset[str], any_address: bool, **___: object,
    ) -> None:  # fmt: skip
        assert admission.accounts is store.accounts
        (folder / "file").write_text("Chainlit's")
        asked.append(Asked(folder, admission, hosts, any_address))
        raise fault

    monkeypatch.setattr(server, "create_app", make)
    monkeypatch.setattr(server, "listening", lambda _, port: listening("127.0.0.1", port))
    with pytest.raises(type(fault)) as caught:
        serve(Settings(**settings), host, 0, SilentProgress(), open_to_all=open_to_all)
    assert caught.value is fault
    return asked


def add_account() -> None:
    """Somebody who may come in, in the database of the settings."""
    with closing(open_store(Settings().database)) as store:
        store.accounts.add("Ada", "admin", None)


def test_on_this_computer_only_its_own_names_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    (asked,) = serving(monkeypatch, "127.0.0.1", Stop())
    assert (asked.hosts, asked.any_address) == (frozenset({"127.0.0.1"}), False)


def test_names_of_the_settings_are_known_too(monkeypatch: pytest.MonkeyPatch) -> None:
    (asked,) = serving(monkeypatch, "127.0.0.1", Stop(), allowed_hosts=("chat.example",))
    assert (asked.hosts, asked.any_address) == (frozenset({"127.0.0.1", "chat.example"}), False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_where_everybody_may_come_every_address_will_do_but_no_name(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    (asked,) = serving(monkeypatch, host, Stop(), open_to_all=True)
    assert (asked.hosts, asked.any_address) == (frozenset(), True)
    add_account()
    (asked,) = serving(monkeypatch, host, Stop())
    assert (asked.hosts, asked.any_address) == (frozenset(), True)


@pytest.mark.parametrize("host", ["chat.example", "Chat.Example", "192.168.1.5"])
def test_under_the_name_that_is_printed_the_chat_can_be_opened(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    (asked,) = serving(monkeypatch, host, Stop(), open_to_all=True)
    app = FastAPI()
    app.add_api_route("/", lambda: "in")
    door = Guard(app, asked.hosts, asked.any_address, lambda _: "refused")
    assert TestClient(door, base_url=address_of(host, 8000)).get("/").status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "LOCALHOST", "::1"])
def test_without_accounts_this_computers_own_chat_is_of_one_user(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    (asked,) = serving(monkeypatch, host, Stop())
    assert (asked.admission.way, asked.admission.keeps) == ("alone", True)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "chat.example", "192.168.1.5"])
def test_where_others_reach_it_the_chat_does_not_start_without_accounts(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setattr(server, "listening", lambda _, port: listening("127.0.0.1", port))
    monkeypatch.setattr(server, "create_app", lambda *_, **__: pytest.fail("it was to start"))
    with pytest.raises(UsageError) as caught:
        serve(Settings(), host, 0, SilentProgress())
    assert "assistant user add" in caught.value.remedy
    assert "--open-to-all" in caught.value.remedy


def test_whoever_opens_the_chat_to_all_gets_guests_of_whom_nothing_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (asked,) = serving(monkeypatch, "0.0.0.0", Stop(), open_to_all=True)
    assert (asked.admission.way, asked.admission.keeps) == ("guests", False)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize("open_to_all", [False, True])
def test_with_accounts_one_has_to_sign_in_everywhere(
    monkeypatch: pytest.MonkeyPatch, host: str, open_to_all: bool
) -> None:
    add_account()
    (asked,) = serving(monkeypatch, host, Stop(), open_to_all)
    assert asked.admission.way == "password"
    (asked,) = serving(monkeypatch, host, Stop(), open_to_all, sign_in="header")
    assert (asked.admission.way, asked.admission.header) == ("header", "x-forwarded-user")


def test_the_secret_is_the_same_after_a_restart_and_another_without_its_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = (serving(monkeypatch, "127.0.0.1", Stop())[0].admission for _ in range(2))
    Settings().secret_file.unlink()
    (third,) = serving(monkeypatch, "127.0.0.1", Stop())
    assert first.secret == second.secret != third.admission.secret


def refused_start(monkeypatch: pytest.MonkeyPatch, **settings: Any) -> AssistantError:
    """Why the chat does not start with those settings. Nothing stays in the folder of temporary
    files, and nobody listens any more."""
    ports: list[int] = []

    @contextmanager
    def listens(host: str, port: int) -> Iterator[socket.socket]:
        with listening(host, port) as listener:
            ports.append(listener.getsockname()[1])
            yield listener

    folder = Path("temporary")
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setattr(server, "listening", listens)
    monkeypatch.setattr(server, "create_app", lambda *_, **__: pytest.fail("it was to start"))
    with pytest.raises(AssistantError) as caught:
        serve(Settings(**settings), "127.0.0.1", 0, SilentProgress())
    assert list(folder.iterdir()) == []
    with listening("127.0.0.1", ports[0]):
        return caught.value


@pytest.mark.parametrize("address", ["nonsense", "mysql://a:hidden@b/c", "sqlite://"])
def test_a_database_that_makes_no_sense_keeps_the_chat_from_starting(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    error = refused_start(monkeypatch, database_url=address)
    assert isinstance(error, SettingsError)
    assert "ASSISTANT_DATABASE_URL" in error.message
    assert "hidden" not in str(error)


def test_a_database_that_is_none_keeps_the_chat_from_starting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("history.db").write_text("no database at all, but a text of some length " * 40)
    error = refused_start(monkeypatch, database_url="sqlite:///history.db")
    assert isinstance(error, StoreError)
    assert "history.db is damaged" in error.message


def test_a_secret_that_is_none_keeps_the_chat_from_starting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Settings().secret_file.parent.mkdir(parents=True)
    Settings().secret_file.write_text("guess")
    error = refused_start(monkeypatch)
    assert isinstance(error, SecretUnusable)
    assert "guess" not in str(error)


@pytest.mark.parametrize(
    "fault",
    [
        ChainlitUnusable("Chainlit is not installed.", "Install it."),
        FileNotFoundError(errno.ENOENT, "No such file"),
        PermissionError(errno.EACCES, "Not allowed"),
        RuntimeError("odd"),
    ],
)
def test_what_keeps_the_chat_from_starting_is_told_as_what_it_is(
    monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    (asked,) = serving(monkeypatch, "127.0.0.1", fault)
    assert not asked.folder.exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def make(*_: object, **__: object) -> None:
        raise OSError(number, "So it is")

    monkeypatch.setattr(server, "create_app", make)
    with pytest.raises(StorageFull) as caught:
        serve(Settings(), "127.0.0.1", 0, SilentProgress())
    assert caught.value.message.startswith("There is no room for temporary files")
    assert "TMPDIR" in caught.value.remedy


def test_where_nothing_temporary_can_be_written_the_chat_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nowhere(*_: object, **__: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", nowhere)
    with pytest.raises(StorageFull) as caught:
        serve(Settings(), "127.0.0.1", 0, SilentProgress())
    assert "TMPDIR" in caught.value.remedy


@pytest.mark.parametrize(
    ("named", "provider", "rehearsed"),
    [
        ({"model": "openai-like:small", "model_url": "https://models.example/v1"}, "models", False),
        ({"model": "anthropic:small", "engine": "extractive"}, "", True),
        ({"model": "nonsense"}, "", True),
        ({}, "", True),
    ],
    ids=["a model", "not used", "wrong", "none"],
)
def test_the_model_of_the_settings_is_named_and_not_asked_before_anybody_asks(
    monkeypatch: pytest.MonkeyPatch, named: dict[str, Any], provider: str, rehearsed: bool
) -> None:
    made: list[tuple[Opening, Strings]] = []

    def make(opening: Opening, _: Path, strings: Strings, *__: object, **___: object) -> None:
        made.append((opening, strings))
        raise Stop

    monkeypatch.setattr(server, "create_app", make)
    with pytest.raises(Stop):
        serve(Settings(**named), "127.0.0.1", 0, SilentProgress())
    ((opening, strings),) = made
    assert ("language model" in strings.welcome) == bool(provider)
    assert provider in strings.welcome
    assert bool(opening._rehearsal) == rehearsed
