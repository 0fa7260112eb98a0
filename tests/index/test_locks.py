from pathlib import Path

from assistant.index.locks import FileLock


def test_an_exclusive_lock_keeps_everybody_else_out(tmp_path: Path) -> None:
    first = FileLock(tmp_path / "lock", shared=False)
    assert first.acquire()
    assert not FileLock(tmp_path / "lock", shared=False).acquire()
    assert not FileLock(tmp_path / "lock", shared=True).acquire()
    first.release()
    second = FileLock(tmp_path / "lock", shared=True)
    assert second.acquire()
    second.release()


def test_readers_share_a_lock_and_keep_the_writer_out(tmp_path: Path) -> None:
    readers = [FileLock(tmp_path / "lock", shared=True) for _ in range(3)]
    assert all(reader.acquire() for reader in readers)
    writer = FileLock(tmp_path / "lock", shared=False)
    assert not writer.acquire()
    for reader in readers:
        reader.release()
    assert writer.acquire()
    writer.release()


def test_releasing_twice_does_no_harm(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock", shared=False)
    assert lock.acquire()
    lock.release()
    lock.release()
