"""The commands for the accounts of a team's server: `assistant user`."""

import getpass
import sys
import warnings
from typing import Annotated, Literal

import typer

from assistant.cli.common import JsonOption, failures, opened_store, print_json
from assistant.errors import UsageError

Name = Annotated[str, typer.Argument(help="Name or e-mail address of the account.")]

user_commands = typer.Typer(help="Accounts of who may come in.", no_args_is_help=True)


@user_commands.command()
def add(
    name: Name,
    admin: Annotated[bool, typer.Option("--admin", help="An admin instead of a reader.")] = False,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="Comes in by other ways, such as a proxy.")
    ] = False,
) -> None:
    """Add an account."""
    with failures(False), opened_store() as store:
        password = None if no_password else _password()
        user = store.accounts.add(name, "admin" if admin else "reader", password)
        store.audit.note("", "added user", user.id)
        print(f"Added {user.name} ({user.role}).")


@user_commands.command("list")
def list_people(as_json: JsonOption = False) -> None:
    """List the accounts."""
    with failures(as_json), opened_store() as store:
        users = store.accounts.all()
        if as_json:
            print_json([user.model_dump(mode="json", exclude={"epoch"}) for user in users])
            return
        longest = max((len(user.name) for user in users), default=0)
        for user in users:
            state = "disabled" if user.disabled else "enabled"
            print(f"{user.name:{longest}}  {user.role:6}  {state:8}  {user.created:%Y-%m-%d}")


@user_commands.command()
def disable(name: Name) -> None:
    """Let somebody in no more; what they said is kept."""
    with failures(False), opened_store() as store:
        user = store.accounts.disable(name)
        store.audit.note("", "disabled user", user.id)
        print(f"Disabled {user.name}.")


@user_commands.command()
def enable(name: Name) -> None:
    """Let somebody in again."""
    with failures(False), opened_store() as store:
        user = store.accounts.enable(name)
        store.audit.note("", "enabled user", user.id)
        print(f"Enabled {user.name}.")


@user_commands.command()
def passwd(name: Name) -> None:
    """Give somebody a new password; they are signed out everywhere."""
    with failures(False), opened_store() as store:
        store.accounts.named(name)  # nobody types a password for an account that is not there
        user = store.accounts.set_password(name, _password())
        store.audit.note("", "changed password", user.id)
        print(f"Changed the password of {user.name}.")


@user_commands.command()
def role(
    name: Name,
    to: Annotated[
        Literal["reader", "admin"], typer.Argument(metavar="reader|admin", help="The new role.")
    ],
) -> None:
    """Make somebody an admin, or a reader again."""
    with failures(False), opened_store() as store:
        user = store.accounts.set_role(name, to)
        store.audit.note("", "changed role", user.id)
        print(f"{user.name} is now {user.role}.")


def _password() -> str:
    """A password, asked for twice on a terminal, else the first line of standard input."""
    if sys.stdin.isatty():
        password = _typed("Password: ")
        if _typed("The same again: ") != password:
            raise UsageError("The two passwords are not the same.", "Run the command again.")
        return password
    try:
        return sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:  # whose object is the password
        raise UsageError("The password is not in the terminal's encoding.", "Use UTF-8.") from None


def _typed(prompt: str) -> str:
    """A line of the terminal that it does not show."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)  # it would go on and show the line
        try:
            return getpass.getpass(prompt)
        except EOFError:
            raise UsageError("No password was given.", "Run the command again.") from None
        except getpass.GetPassWarning:
            raise UsageError(
                "This terminal would show the password.", "Give it on standard input."
            ) from None
