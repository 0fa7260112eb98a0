"""A real PostgreSQL for tests, on this computer only, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from assistant.chat.listening import listening

_DEBIAN = "/usr/lib/postgresql"  # where Debian keeps what is not on PATH


def postgres_programs() -> Path | None:
    """The folder of PostgreSQL's programs; None if it is not installed."""
    found = shutil.which("pg_ctl")
    folders = [Path(found).parent] if found else sorted(Path(_DEBIAN).glob("*/bin"))
    return folders[-1] if folders else None


@contextmanager
def postgres(programs: Path) -> Iterator[str]:
    """The address of a server with an empty database."""
    with tempfile.TemporaryDirectory(prefix="assistant-postgres-") as folder:
        data = Path(folder) / "data"
        with listening("127.0.0.1", 0) as listener:
            port = listener.getsockname()[1]
        as_user = _as_user(Path(folder))
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
        _run(*as_user, programs / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-N",
             "-E", "UTF8")  # fmt: skip
        _run(*as_user, programs / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options,
             "start")  # fmt: skip
        try:
            yield f"postgresql://tester@127.0.0.1:{port}/postgres"
        finally:
            _run(*as_user, programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def emptied(address: str) -> str:
    """The same address, its database emptied."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return address


def _as_user(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _run(*command: str | Path) -> None:
    done = subprocess.run(
        list(map(str, command)), check=False, cwd="/", stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
