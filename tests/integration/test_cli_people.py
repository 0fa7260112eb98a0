"""`assistant user` to the letter of its contract, on a database of its own."""

import getpass
import json
import os
import pty
import re
import select
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from assistant.cli import app, people
from assistant.settings import read_settings
from assistant.store.accounts import Accounts
from assistant.store.audit import Audit
from assistant.store.database import Database
from tests.store.accounts import PASSWORD

RUNNER = CliRunner()
# Makes its standard input the terminal that controls it, so that the keys for stopping work.
BEFORE_A_TERMINAL = (
    "import fcntl, runpy, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "runpy.run_module('assistant', run_name='__main__')"
)


def user(*arguments: str, given: str | bytes = "") -> Result:
    return RUNNER.invoke(app, ["user", *arguments], input=given)


@contextmanager
def in_force() -> Iterator[Database]:
    """The database that the commands use."""
    database = Database(read_settings().database)
    try:
        yield database
    finally:
        database.close()


def comes_in(name: str, password: str) -> bool:
    with in_force() as database:
        return Accounts(database).check(name, password) is not None


def noted() -> list[tuple[str, str, str]]:
    """The audit from its beginning: who, did, what."""
    with in_force() as database:
        return [(one.who, one.did, one.what) for one in reversed(Audit(database).entries())]


def typed(*arguments: str, lines: list[str]) -> tuple[int, str]:
    """The command before a terminal on which those lines are typed when a password is asked for:
    its exit code, and what the terminal showed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", BEFORE_A_TERMINAL, "user", *arguments],
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    shown, waiting = "", list(lines)
    while select.select([ours], [], [], 60)[0]:
        try:
            read = os.read(ours, 1000)
        except OSError:  # how Linux says that the other end is closed
            break
        shown += read.decode()
        if waiting and re.search(r"(Password|again): $", shown):
            os.write(ours, waiting.pop(0).encode())
    os.close(ours)  # a command that still waits for a line is hung up
    return process.wait(timeout=60), shown


def test_an_account_is_added_with_the_password_of_standard_input() -> None:
    added = user("add", "Ada@Example.org", given=f"{PASSWORD}\nanother line\n")
    assert (added.exit_code, added.stdout) == (0, "Added Ada@Example.org (reader).\n")
    assert comes_in("ada@example.org", PASSWORD)
    assert PASSWORD not in added.output


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_the_end_of_the_line_is_no_part_of_the_password(end: str) -> None:
    assert user("add", "ada", given=f" {PASSWORD} {end}").exit_code == 0
    assert comes_in("ada", f" {PASSWORD} ")


def test_an_account_is_added_without_a_password_when_none_is_wanted() -> None:
    added = user("add", "Ada", "--admin", "--no-password", given=PASSWORD)
    assert (added.exit_code, added.stdout) == (0, "Added Ada (admin).\n")
    assert not comes_in("ada", PASSWORD)


def test_the_list_says_name_role_state_and_day() -> None:
    user("add", "Bob", "--no-password")
    user("add", "ada@example.org", "--no-password", "--admin")
    user("disable", "bob")
    listed = user("list")
    assert listed.exit_code == 0
    lines = [re.sub(r"20\d\d-\d\d-\d\d$", "DAY", line) for line in listed.stdout.splitlines()]
    assert lines == [
        "ada@example.org  admin   enabled   DAY", "Bob              reader  disabled  DAY",
    ]  # fmt: skip


def test_the_list_as_json_holds_no_password() -> None:
    assert json.loads(user("list", "--json").stdout) == []
    user("add", "Bob", given=PASSWORD)
    listed = user("list", "--json")
    (bob,) = json.loads(listed.stdout)
    assert list(bob) == ["id", "name", "role", "disabled", "created"]
    assert (bob["name"], bob["role"], bob["disabled"]) == ("Bob", "reader", False)
    assert "argon2" not in listed.stdout


def test_without_accounts_the_list_is_empty() -> None:
    listed = user("list")
    assert (listed.exit_code, listed.stdout) == (0, "")


def test_who_is_disabled_does_not_come_in_until_enabled() -> None:
    user("add", "Ada", given=PASSWORD)
    assert user("disable", "ada").stdout == "Disabled Ada.\n"
    assert not comes_in("ada", PASSWORD)
    assert user("enable", "ada").stdout == "Enabled Ada.\n"
    assert comes_in("ada", PASSWORD)


def test_a_changed_password_is_the_only_one() -> None:
    user("add", "Ada", given=PASSWORD)
    changed = user("passwd", "ada", given="another password\n")
    assert (changed.exit_code, changed.stdout) == (0, "Changed the password of Ada.\n")
    assert comes_in("ada", "another password")
    assert not comes_in("ada", PASSWORD)


def test_a_role_is_changed() -> None:
    user("add", "Ada", "--no-password")
    assert user("role", "ada", "admin").stdout == "Ada is now admin.\n"
    (ada,) = json.loads(user("list", "--json").stdout)
    assert ada["role"] == "admin"


def test_every_act_is_noted_by_the_id_of_the_account() -> None:
    user("add", "ada", "--no-password")
    user("passwd", "ada", given=PASSWORD)
    user("role", "ada", "admin")
    user("role", "ada", "reader")  # refused: the last admin
    user("role", "ada", "admin")
    user("add", "bob", "--no-password")
    user("disable", "bob")
    user("enable", "bob")
    user("list")
    ids = {one["name"]: one["id"] for one in json.loads(user("list", "--json").stdout)}
    assert noted() == [
        ("", "added user", ids["ada"]), ("", "changed password", ids["ada"]),
        ("", "changed role", ids["ada"]), ("", "changed role", ids["ada"]),
        ("", "added user", ids["bob"]), ("", "disabled user", ids["bob"]),
        ("", "enabled user", ids["bob"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "given", "code", "error"),
    [
        (["add", "ada", "--no-password"], "", 1, "AccountExists: There is an account “ada”"),
        (["add", "bob"], "", 2, "PasswordRefused: "),
        (["add", "bob"], "short", 2, "PasswordRefused: "),
        (["add", "bob"], b"\xff" * 12, 2, "UsageError: The password is not in"),
        (["add", "a\x1b[31mda", "--no-password"], "", 2, "AccountNameRefused: "),
        (["add", "local", "--no-password"], "", 2, "AccountNameRefused: "),
        (["disable", "a\x1b[31mda"], "", 1, "AccountNotFound: There is no account “a\ufffd[31mda”"),
        (["enable", "local"], "", 1, "AccountNotFound: "),
        (["passwd", "bob"], PASSWORD, 1, "AccountNotFound: "),
        (["passwd", "ada"], "short", 2, "PasswordRefused: "),
        (["role", "bob", "admin"], "", 1, "AccountNotFound: "),
        (["disable", "ada"], "", 1, "LastAdmin: "),
        (["role", "ada", "reader"], "", 1, "LastAdmin: "),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(
    arguments: list[str], given: str | bytes, code: int, error: str
) -> None:
    user("add", "ada", "--admin", "--no-password")
    before = user("list", "--json").stdout, noted()
    refused = user(*arguments, given=given)
    assert (refused.exit_code, refused.stdout) == (code, "")
    assert refused.stderr.startswith(error)
    assert "short" not in refused.stderr
    assert (user("list", "--json").stdout, noted()) == before


def test_a_role_that_is_none_is_wrong_usage() -> None:
    user("add", "ada", "--no-password")
    assert user("role", "ada", "king").exit_code == 2


def test_a_database_that_cannot_be_used_is_told_as_json_to_who_asked_for_json(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "history.db").write_text("no database " * 1000)
    monkeypatch.setenv("ASSISTANT_DATABASE_URL", f"sqlite:///{tmp_path}/history.db")
    listed = user("list", "--json")
    error: dict[str, Any] = json.loads(listed.stdout)["error"]
    assert listed.exit_code == 1
    assert (error["type"], "is damaged" in error["message"]) == ("StoreError", True)


def test_a_password_is_typed_twice_and_shown_nowhere() -> None:
    code, shown = typed("add", "Ada", lines=[f"{PASSWORD}\n", f"{PASSWORD}\n"])
    assert code == 0, shown
    assert shown.count(": ") == 2
    assert "Added Ada (reader)." in shown
    assert PASSWORD not in shown
    assert comes_in("ada", PASSWORD)


@pytest.mark.parametrize(
    ("lines", "code", "told"),
    [
        ([f"{PASSWORD}\n", "another password\n"], 2, "The two passwords are not the same."),
        (["\x04"], 2, "No password was given."),
        (["\x03"], 130, "Stopped."),
    ],
)
def test_a_password_that_is_not_typed_twice_the_same_adds_nobody(
    lines: list[str], code: int, told: str
) -> None:
    found, shown = typed("add", "Ada", lines=lines)
    assert (found, told in shown) == (code, True), shown
    assert user("list").stdout == ""


def test_nobody_is_asked_for_a_password_of_an_account_that_is_not_there() -> None:
    code, shown = typed("passwd", "Ada", lines=[])
    assert code == 1
    assert "Password" not in shown


def test_a_terminal_that_would_show_the_password_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def shown(prompt: str) -> str:
        warnings.warn("Can not control echo on the terminal.", getpass.GetPassWarning, stacklevel=2)
        pytest.fail("The password would be shown.")

    monkeypatch.setattr(getpass, "getpass", shown)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    with pytest.raises(typer.Exit) as caught:
        people.add("ada")
    assert caught.value.exit_code == 2
    assert "would show the password" in capsys.readouterr().err


def test_the_help_names_every_command() -> None:
    shown = user("--help").output
    for command in ("add", "list", "disable", "enable", "passwd", "role"):
        assert re.search(rf"^\W*{command}\b", shown, re.MULTILINE), command
