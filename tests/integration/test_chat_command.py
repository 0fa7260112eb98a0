"""The command `assistant chat` as a person runs it: starting, stopping, and what is in the way."""

import http.client
import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from assistant.index.build import build_index
from assistant.models.embedding import EmbeddingModel
from assistant.models.encoder.shipped import shipped_weights
from tests.chat.serving import Served, chat_command, serving
from tests.corpora import write_corpus
from tests.fakes import SilentProgress
from tests.integration.test_robustness import without_rights

PATIENCE = 60.0
NOTES = {
    "tea": "# Brewing tea\n\nGreen tea is brewed at seventy degrees for two minutes.\n",
    "bread": "# Baking bread\n\nA sourdough loaf is baked at two hundred and thirty degrees.\n",
}


def write_notes(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name, text in NOTES.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, real_model: EmbeddingModel) -> Path:
    """The index of two notes."""
    folder = tmp_path_factory.mktemp("notes")
    corpus = write_notes(folder / "corpus")
    build_index(folder / "index", (corpus,), True, real_model, SilentProgress())
    return folder / "index"


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder for temporary files: a chat that is killed leaves its own behind."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def arguments(*options: str | Path) -> list[str]:
    return [sys.executable, "-m", "assistant", "chat", *map(str, options)]


@contextmanager
def chat_in(
    folder: Path, *options: str | Path, prefix: tuple[str, ...] = (), **environment: str
) -> Iterator[Served]:
    """The command in a working folder, at a free port."""
    there = ["sh", "-c", 'cd "$0" && exec "$@"', str(folder)]
    command = [*there, *prefix, *arguments("--port", "0", *options)]
    with serving(command, environment) as served:
        yield served


def run_chat(*options: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command where it ends by itself."""
    return subprocess.run(
        arguments(*options), env=os.environ | environment, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip


def get(served: Served, path: str, method: str = "GET") -> tuple[int, str]:
    request = urllib.request.Request(served.address + path, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def status_under(served: Served, host: str) -> int:
    """The status of a reply under another name."""
    connection = http.client.HTTPConnection(urlsplit(served.address).netloc, timeout=PATIENCE)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status
    finally:
        connection.close()


def wait_for(served: Served, **wanted: str) -> dict[str, Any]:
    """What `/readyz` says, once it says what is wanted."""
    until = time.monotonic() + 2 * PATIENCE
    while time.monotonic() < until:
        readiness: dict[str, Any] = json.loads(get(served, "/readyz")[1])
        if wanted.items() <= readiness.items():
            return readiness
        time.sleep(0.05)
    raise AssertionError(f"never {wanted}: {served.lines}")


def assert_stopped(served: Served, code: int) -> None:
    """Ended by Ctrl-C as a person likes it; the terminal's lines are complete."""
    said = "".join(served.lines)
    assert (code, served.lines[-1]) == (130, "Stopped.\n"), said
    assert "Traceback" not in said
    assert said.count("Stopped.") == 1


@pytest.mark.slow
def test_without_an_index_one_is_built_while_the_page_says_so(tmp_path: Path) -> None:
    corpus, index = write_notes(tmp_path / "corpus"), tmp_path / "index"
    with chat_command(index, ASSISTANT_CORPUS=str(corpus)) as served:
        early_status, early = get(served, "/")
        early_source, _ = get(served, "/source/tea?start=0&end=5")
        alive, _ = get(served, "/healthz")
        served.wait_until_ready()
        status, page = get(served, "/")
        source_status, source = get(served, "/source/tea?start=13&end=22")
        code = served.interrupt()
    assert (early_status, early_source, alive) == (503, 503, 200)
    assert "Preparing the guidance" in early
    assert served.lines[:2] == [
        f"The chat is at {served.address} (stop it with Ctrl-C).\n",
        f"Building the index in {index} first.\n",
    ]
    assert (status, '<div id="root">' in page) == (200, True)
    assert (source_status, "<mark>Green tea</mark>" in source) == (200, True)
    assert_stopped(served, code)


@pytest.mark.slow
def test_it_can_be_stopped_as_soon_as_it_is_ready_and_leaves_nothing_behind(
    index: Path, temporary: Path
) -> None:
    with chat_command(index) as served:
        served.wait_until_ready()
        assert len(list(temporary.glob("assistant-chat-*"))) == 1
        code = served.interrupt()
    assert_stopped(served, code)
    assert list(temporary.glob("assistant-chat-*")) == []


@pytest.mark.slow
def test_it_can_be_stopped_before_it_is_ready(index: Path) -> None:
    with chat_command(index) as served:
        assert json.loads(get(served, "/readyz")[1])["state"] == "preparing"
        code = served.interrupt()
    assert_stopped(served, code)


@pytest.mark.slow
def test_it_can_be_stopped_while_the_index_is_built_and_started_again(tmp_path: Path) -> None:
    corpus, index = write_corpus(tmp_path / "corpus", 8), tmp_path / "index"
    with chat_command(index, ASSISTANT_CORPUS=str(corpus)) as first:
        readiness = wait_for(first, step="Embedding")
        code = first.interrupt()
    assert readiness["total"] > 50
    assert_stopped(first, code)
    with chat_command(index, ASSISTANT_CORPUS=str(corpus)) as second:
        second.wait_until_ready()
        status, page = get(second, "/source/doc-7?start=0&end=5")
    assert f"Building the index in {index} first.\n" in second.lines
    assert (status, "<mark>" in page) == (200, True)


@pytest.mark.slow
def test_when_it_is_told_to_end_it_leaves_nothing_behind(index: Path, temporary: Path) -> None:
    with chat_command(index) as served:
        served.process.send_signal(signal.SIGTERM)
        served.process.wait(PATIENCE)
    assert list(temporary.glob("assistant-chat-*")) == []
    assert "Traceback" not in "".join(served.lines)


def test_a_port_in_use_is_wrong_usage_with_another_port_to_try() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_chat("--port", str(port))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"UsageError: Port {port} is in use, perhaps by another chat of yours. "
        f"Open http://127.0.0.1:{port}, or take any free port with: --port 0\n"
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid", "a..b"])
def test_a_host_that_is_not_of_this_computer_is_wrong_usage(host: str) -> None:
    done = run_chat("--port", "0", "--host", host)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"UsageError: Nothing can listen at {host}, port 0: ")
    assert "Choose an address of this computer with --host" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_a_model_that_is_none_is_told_and_once_put_right_it_starts(tmp_path: Path) -> None:
    corpus, model = write_notes(tmp_path / "corpus"), tmp_path / "model"
    model.mkdir()
    with chat_command(
        tmp_path / "index", ASSISTANT_CORPUS=str(corpus), ASSISTANT_EMBEDDING_MODEL=str(model)
    ) as served:
        problem = wait_for(served, state="failed")["problem"]
        ready, _ = get(served, "/readyz")
        status, page = get(served, "/")
        alive, _ = get(served, "/healthz")
        model.rmdir()
        model.symlink_to(shipped_weights())
        get(served, "/prepare", "POST")
        served.wait_until_ready()
        later, _ = get(served, "/")
    assert problem.startswith(f"The embedding model '{model}' cannot be loaded: ")
    assert "Set ASSISTANT_EMBEDDING_MODEL to the folder of a sentence-transformers" in problem
    assert (ready, status, alive, later) == (503, 503, 200, 200)
    assert "The chat cannot start yet" in page
    assert "or unset it to use the shipped one." in page
    assert "Try again" in page
    assert f"ModelError: {problem}\n" in served.lines


@pytest.mark.parametrize("kilobytes", [4, 64])
def test_a_full_disk_for_temporary_files_is_named_with_what_to_do(
    tmp_path: Path, kilobytes: int
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f"mount -t tmpfs -o size={kilobytes}k tmpfs {disk}"
    if subprocess.run(["unshare", "-m", "sh", "-c", mount], check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", f'{mount} && exec "$0" "$@"',
         *arguments("--port", "0")],
        env=os.environ | {"TMPDIR": str(disk)}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("StorageFull: There is no room for temporary files: ")
    assert done.stderr.endswith(
        "Make room on the disk, or set TMPDIR to a folder that has some, and start again.\n"
    )
    assert len(done.stderr.splitlines()) == 1


@pytest.fixture
def browser(tmp_path: Path) -> Path:
    """A browser that opens the page, and writes down what it was given and got."""
    opened = tmp_path / "opened"
    program = tmp_path / "browser"
    program.write_text(
        f"#!{sys.executable}\n"
        "import sys, urllib.request\n"
        "try:\n"
        "    with urllib.request.urlopen(sys.argv[1] + '/healthz', timeout=10) as reply:\n"
        "        got = str(reply.status)\n"
        "except OSError as error:\n"
        "    got = str(error)\n"
        f"with open({str(opened)!r}, 'a') as file:\n"
        "    file.write(f'{sys.argv[1]} {got}\\n')\n"
    )
    program.chmod(0o755)
    return program


@contextmanager
def in_a_terminal(index: Path, *options: str, browser: Path) -> Iterator[subprocess.Popen[str]]:
    """The command with a terminal for its output."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        arguments("--index", index, "--port", "0", *options),
        env=os.environ | {"BROWSER": str(browser)}, text=True,
        stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()
            os.close(theirs)
            os.close(ours)


def address_in(process: subprocess.Popen[str]) -> str:
    """The address that is printed."""
    assert process.stderr
    said = process.stderr.readline()
    assert said.startswith("The chat is at http://127.0.0.1:"), said
    return said.split()[4]


@pytest.mark.slow
def test_in_a_terminal_the_browser_is_opened_and_gets_the_page(
    index: Path, tmp_path: Path, browser: Path
) -> None:
    with in_a_terminal(index, browser=browser) as process:
        address = address_in(process)
        until = time.monotonic() + PATIENCE
        while not (tmp_path / "opened").exists() and time.monotonic() < until:
            time.sleep(0.05)
        opened = (tmp_path / "opened").read_text()
    assert opened == f"{address} 200\n"


@pytest.mark.slow
def test_no_browser_is_opened_for_who_does_not_want_it(
    index: Path, tmp_path: Path, browser: Path
) -> None:
    with in_a_terminal(index, "--no-browser", browser=browser) as process:
        served = Served(process, address_in(process))
        assert get(served, "/healthz")[0] == 200
        assert served.interrupt() == 130
    assert not (tmp_path / "opened").exists()


@pytest.mark.slow
def test_no_browser_is_opened_where_nobody_looks_on(
    index: Path, tmp_path: Path, browser: Path
) -> None:
    with chat_command(index, BROWSER=str(browser)) as served:
        assert get(served, "/healthz")[0] == 200
        served.interrupt()
    assert not (tmp_path / "opened").exists()


@pytest.mark.slow
def test_settings_that_are_meant_for_others_change_nothing(index: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    with chat_in(
        work, "--index", index,
        DATABASE_URL="postgresql://nobody:x@127.0.0.1:1/none", LITERAL_API_KEY="x",
        CHAINLIT_AUTH_SECRET="x", CHAINLIT_APP_ROOT=str(work), CHAINLIT_ROOT_PATH="/x",
        OAUTH_GITHUB_CLIENT_ID="x", OAUTH_GITHUB_CLIENT_SECRET="x",
        ROOT="/x", RUN="fast", CI="true",
    ) as served:  # fmt: skip
        served.wait_until_ready()
        status, page = get(served, "/")
        auth = json.loads(get(served, "/auth/config")[1])
        settings = json.loads(get(served, "/project/settings?language=en-US")[1])
    assert (status, '<div id="root">' in page) == (200, True)
    assert (auth["passwordAuth"], auth["oauthProviders"]) == (False, [])
    assert settings["ui"]["name"] == "Implementation Assistant"
    assert settings["dataPersistence"] is True  # in the product's own database
    assert list(work.iterdir()) == []
    assert served.lines == [f"The chat is at {served.address} (stop it with Ctrl-C).\n"]


@pytest.mark.slow
def test_it_works_in_a_folder_that_it_cannot_write_to_and_reads_only_its_own_settings_there(
    index: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    dotenv = (
        "OAUTH_GITHUB_CLIENT_ID=x\nOAUTH_GITHUB_CLIENT_SECRET=x\nCHAINLIT_AUTH_SECRET=x\n"
        "CHAINLIT_PORT=1\nDATABASE_URL=postgresql://nobody:x@127.0.0.1:1/none\n"
        f"ASSISTANT_INDEX={index}\nASSISTANT_ALLOWED_HOSTS=Chat.Example\n"
    )
    (work / ".env").write_text(dotenv)
    work.chmod(0o555)
    try:
        with chat_in(work, prefix=tuple(without_rights())) as served:
            served.wait_until_ready()
            status, page = get(served, "/")
            auth = json.loads(get(served, "/auth/config")[1])
            known, unknown = status_under(served, "chat.example"), status_under(served, "other")
    finally:
        work.chmod(0o755)
    assert (status, '<div id="root">' in page) == (200, True)
    assert (auth["passwordAuth"], auth["oauthProviders"]) == (False, [])
    assert (known, unknown) == (200, 421)
    assert [path.name for path in work.iterdir()] == [".env"]
    assert (work / ".env").read_text() == dotenv


def listening(process: int) -> set[str]:
    """The addresses that a process listens at, as Linux lists them."""
    sockets = set()
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        try:
            target = str(descriptor.readlink())
        except OSError:
            continue
        if target.startswith("socket:["):
            sockets.add(target[len("socket:[") : -1])
    rows = [
        row.split()
        for table in ("tcp", "tcp6")
        for row in Path(f"/proc/{process}/net/{table}").read_text().splitlines()[1:]
    ]
    return {row[1] for row in rows if row[3] == "0A" and row[9] in sockets}


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs /proc")
def test_by_default_it_listens_on_this_computer_only(index: Path) -> None:
    with chat_command(index) as served:
        port = urlsplit(served.address).port
        assert get(served, "/healthz")[0] == 200
        assert listening(served.process.pid) == {f"0100007F:{port:04X}"}
        assert status_under(served, f"192.168.1.5:{port}") == 421


@pytest.mark.slow
def test_who_lets_everybody_in_is_told_so(index: Path) -> None:
    with chat_command(index, "--host", "0.0.0.0", "--open-to-all") as served:
        port = urlsplit(served.address).port
        assert served.address == f"http://127.0.0.1:{port}"
        assert get(served, "/healthz")[0] == 200
        assert status_under(served, f"192.168.1.5:{port}") == 200
        assert status_under(served, f"evil.example:{port}") == 421
    said = "Everybody who can reach this computer can use it, without a password. "
    assert f"{said}Nothing that they ask is kept.\n" in served.lines


@pytest.mark.slow
def test_without_accounts_others_are_let_in_only_if_that_is_said(index: Path) -> None:
    with chat_command(index, "--host", "0.0.0.0") as served:
        assert served.process.wait(60) == 2
    assert "assistant user add NAME --admin" in "".join(served.lines)
    assert served.address == ""
