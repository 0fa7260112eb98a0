"""Builds that are killed, that meet each other, and that run while others read."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from assistant.errors import AssistantError
from assistant.index.locks import FileLock
from assistant.index.reader import Index
from tests.corpora import build_small, contents_of, faults_of, write_corpus, write_document
from tests.fakes import WordHashModel

ROOT = Path(__file__).parents[2]
KILLS = 20


def start_builder(index: Path, corpus: Path, *prefix: str) -> subprocess.Popen[str]:
    """A builder that has imported everything and waits."""
    builder = subprocess.Popen(
        [*prefix, sys.executable, "-m", "tests.integration.builder", str(index), str(corpus)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert builder.stdout
    assert builder.stdout.readline() == "ready\n"
    return builder


def let_go(builder: subprocess.Popen[str]) -> None:
    """Let a waiting builder begin."""
    assert builder.stdin
    builder.stdin.write("\n")
    builder.stdin.flush()


class Readers:
    """Somebody who asks all the time, and what went wrong for them."""

    def __init__(self, index: Path) -> None:
        self.errors: list[str] = []
        self.asked = 0
        self._index = Index(index, WordHashModel())
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read)

    def __enter__(self) -> "Readers":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._index.close()

    def _read(self) -> None:
        question = WordHashModel().encode_question("teams and coaches")
        while not self._stop.is_set():
            try:
                with self._index.view() as view:
                    found = view.nearest(question, 10)
                    chunks = view.chunks([name for name, _ in found])
                    total = view.chunk_count()
            except AssistantError as error:
                self.errors.append(str(error))
                return
            if len(found) != min(10, total) or len(chunks) != len(found):
                self.errors.append(f"{len(found)} found, {len(chunks)} chunks of {total}")
            self.asked += 1


@pytest.mark.slow
def test_a_build_killed_at_any_moment_loses_nothing(tmp_path: Path) -> None:
    corpus, index = write_corpus(tmp_path / "corpus", 60), tmp_path / "index"
    began = time.monotonic()
    build_small(index, corpus)
    usual = time.monotonic() - began
    chance = random.Random(20)
    cut_short = 0
    with Readers(index) as readers:
        for kill in range(KILLS):
            before = contents_of(index)
            write_document(corpus, f"doc-{kill}", seed=f"kill {kill}", sections=4)
            builder = start_builder(index, corpus)
            let_go(builder)
            time.sleep(chance.uniform(0, usual))
            builder.send_signal(signal.SIGKILL)
            out, err = builder.communicate()
            cut_short += "done" not in out
            assert err == ""
            assert faults_of(index) == []
            if "done" not in out and contents_of(index) != before:
                # Killed after it went live: then it is whole.
                assert f"doc-{kill}:part-3-of-doc-{kill}:1" in contents_of(index)
    assert readers.errors == []
    assert readers.asked > KILLS
    assert cut_short >= KILLS // 4, "too few builds were cut short to prove anything"
    build_small(index, corpus)
    build_small(tmp_path / "fresh", corpus)
    assert contents_of(index) == contents_of(tmp_path / "fresh")
    assert faults_of(index) == []
    assert len(list((index / "generations").glob("*/"))) == 1


@pytest.mark.slow
def test_two_builds_at_once_both_end_well_and_one_says_that_it_waits(tmp_path: Path) -> None:
    corpus, index = write_corpus(tmp_path / "corpus", 40), tmp_path / "index"
    (index / "generations").mkdir(parents=True)
    lock = FileLock(index / "build.lock", shared=False)
    assert lock.acquire()
    builders = [start_builder(index, corpus) for _ in range(2)]
    for builder in builders:
        let_go(builder)
    waiting = [builder.stdout.readline() for builder in builders if builder.stdout]
    lock.release()
    ended = [builder.communicate(timeout=60) for builder in builders]
    assert waiting == ["Another build of this index is running; waiting for it.\n"] * 2
    assert ended == [("done\n", "")] * 2
    assert [builder.returncode for builder in builders] == [0, 0]
    assert faults_of(index) == []
    assert len(contents_of(index)) == 120


@pytest.mark.slow
def test_builds_in_another_process_never_disturb_a_reader(tmp_path: Path) -> None:
    corpus, index = write_corpus(tmp_path / "corpus", 20), tmp_path / "index"
    build_small(index, corpus)
    with Readers(index) as readers:
        for n in range(3):
            write_document(corpus, f"doc-{n}", seed=f"new {n}", sections=5)
            builder = start_builder(index, corpus)
            let_go(builder)
            assert builder.communicate(timeout=60) == ("done\n", "")
    assert readers.errors == []
    assert readers.asked > 3
    assert faults_of(index) == []


def without_rights() -> list[str]:
    """A prefix for commands that makes file permissions hold for root too."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("as root, this needs setpriv")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override"]


def test_a_read_only_index_is_named_with_what_to_do(tmp_path: Path) -> None:
    corpus, index = write_corpus(tmp_path / "corpus", 3), tmp_path / "index"
    build_small(index, corpus)
    before = contents_of(index)
    write_document(corpus, "doc-1", seed="second 1")
    paths = [index, *index.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        builder = start_builder(index, corpus, *without_rights())
        let_go(builder)
        _, err = builder.communicate(timeout=60)
    finally:
        for path in paths:
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert err.startswith(f"IndexNotWritable: The index folder {index} cannot be written to.")
    assert builder.returncode == 1
    assert contents_of(index) == before


@pytest.mark.parametrize("kilobytes", [600, 800, 1000])
def test_a_full_disk_is_named_and_with_space_the_index_is_what_it_was(
    tmp_path: Path, kilobytes: int
) -> None:
    small, large = write_corpus(tmp_path / "small", 2), write_corpus(tmp_path / "large", 60)
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f"mount -t tmpfs -o size={kilobytes}k tmpfs {disk}"
    if subprocess.run(["unshare", "-m", "sh", "-c", mount], check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    look = "from tests.corpora import *; print(len(contents_of(I)), faults_of(I))"
    build = f'echo | "$0" -m tests.integration.builder {disk}/index'
    more = f"mount -o remount,size=9000k {disk}"  # Chroma needs some room to open at all
    steps = f'{mount} && {build} {small}; {build} {large}; {more}; "$0" -c "{look}"'
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", steps.replace("(I)", f"(Path('{disk}/index'))"),
         sys.executable],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr.startswith("StorageFull: There is no space left for the index in")
    assert done.stdout == "ready\ndone\nready\n6 []\n", done.stderr
