"""Who may come in."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from assistant.store.accounts import AccountExists, AccountNotFound, Accounts, LastAdmin
from assistant.store.credentials import AccountNameRefused, PasswordRefused, Passwords
from assistant.store.database import Database, StoreError
from assistant.store.history import History
from assistant.store.records import User
from assistant.store.tables import conversations, sources, users
from tests.store.accounts import PASSWORD, cheap_hasher
from tests.store.events import at
from tests.store.saved import place, source, turn


@pytest.fixture
def accounts(database: Database) -> Accounts:
    return Accounts(database, now=lambda: at(0), hasher=cheap_hasher())


def kept_password(database: Database, user: User) -> str | None:
    with database.reading() as connection:
        found: str | None = connection.scalar(select(users.c.password).where(users.c.id == user.id))
    return found


def at_once(*acts: Callable[[], object]) -> list[Exception]:
    """What goes wrong when all of them are begun together."""
    failures: list[Exception] = []
    together = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        together.wait()
        try:
            act()
        except Exception as error:  # noqa: BLE001  # the test looks at every one of them
            failures.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_an_added_account_is_found_by_its_name_in_any_case_and_by_its_id(
    accounts: Accounts,
) -> None:
    ada = accounts.add(" Ada@Example.org ", "reader", PASSWORD)
    assert (ada.name, ada.role, ada.disabled) == ("Ada@Example.org", "reader", False)
    assert ada.created == at(0)
    assert accounts.named("ada@example.ORG ") == ada
    assert accounts.with_id(ada.id) == ada
    assert accounts.all() == (ada,)


def test_accounts_are_listed_by_name(accounts: Accounts) -> None:
    for name in ("bob", "Émile", "Ada", "zoë", "carl"):
        accounts.add(name, "reader", None)
    assert [user.name for user in accounts.all()] == ["Ada", "bob", "carl", "zoë", "Émile"]


def test_a_name_is_given_once(accounts: Accounts) -> None:
    ada = accounts.add("Ada", "reader", None)
    with pytest.raises(AccountExists, match="“aDA” already"):
        accounts.add("aDA", "admin", None)
    assert accounts.all() == (ada,)


def test_of_two_that_add_one_name_at_once_one_is_told(accounts: Accounts) -> None:
    failures = at_once(*[lambda: accounts.add("ada", "reader", None)] * 4)
    assert [type(failure) for failure in failures] == [AccountExists] * 3
    assert len(accounts.all()) == 1


def test_a_name_or_password_that_breaks_the_rule_adds_nothing(accounts: Accounts) -> None:
    with pytest.raises(AccountNameRefused):
        accounts.add("\n", "reader", PASSWORD)
    with pytest.raises(PasswordRefused):
        accounts.add("ada", "reader", "short")
    with pytest.raises(PasswordRefused):
        accounts.add("ada@example.org", "reader", "ADA@example.org")
    assert accounts.all() == ()


def test_a_name_that_takes_much_room_when_compared_is_refused_before_the_database(
    accounts: Accounts,
) -> None:
    with pytest.raises(AccountNameRefused):
        accounts.add("\ufdfa" * 12, "reader", None)
    assert accounts.add("\ufdfa" * 11, "reader", None) in accounts.all()


@pytest.mark.parametrize("name", ["bob", "", "local", "You", "a\0b", "\ud800", "a" * 1_000_000])
def test_a_name_without_account_is_not_found(accounts: Accounts, name: str) -> None:
    accounts.local()
    acts: list[Callable[[str], User]] = [
        accounts.named, accounts.disable, accounts.enable,
        lambda name: accounts.set_role(name, "reader"),
        lambda name: accounts.set_role(name, "admin"),
        lambda name: accounts.set_password(name, "a" * 120),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(AccountNotFound, match="assistant user list"):
            act(name)
    assert accounts.check(name, PASSWORD) is None
    assert not accounts.local().disabled


def test_an_id_without_account_is_nobody(accounts: Accounts) -> None:
    accounts.add("ada", "admin", None)
    assert accounts.with_id("no such") is None
    accounts.sign_out_everywhere("no such")
    accounts.forget("no such")
    assert [user.epoch for user in accounts.all()] == [0]


def test_the_right_password_comes_in_and_no_other(accounts: Accounts) -> None:
    ada = accounts.add("Ada", "reader", PASSWORD)
    assert accounts.check("ADA", PASSWORD) == ada
    for wrong in ("", PASSWORD.upper(), PASSWORD + " ", " " + PASSWORD):
        assert accounts.check("ada", wrong) is None


def test_a_disabled_user_does_not_come_in_until_enabled(accounts: Accounts) -> None:
    ada = accounts.add("ada", "reader", PASSWORD)
    disabled = accounts.disable("Ada")
    assert (disabled.disabled, disabled.epoch) == (True, ada.epoch + 1)
    assert accounts.check("ada", PASSWORD) is None
    enabled = accounts.enable("Ada")
    assert (enabled.disabled, enabled.epoch) == (False, disabled.epoch)
    assert accounts.check("ada", PASSWORD) == enabled


def test_who_has_no_password_comes_in_by_none(accounts: Accounts) -> None:
    accounts.add("ada", "reader", None)
    accounts.local()
    for password in ("", "None", PASSWORD):
        assert accounts.check("ada", password) is None
        assert accounts.check("local", password) is None
        assert accounts.check("You", password) is None


def test_every_refusal_takes_one_check_of_a_hash(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.add("ada", "reader", PASSWORD)
    accounts.add("bob", "reader", PASSWORD)
    accounts.disable("bob")
    accounts.add("eve", "reader", None)
    fits, checked = Passwords.fits, list[str]()

    def counted(self: Passwords, kept: str, password: str) -> bool:
        checked.append(kept.rsplit("$", 2)[0])  # its parameters, without salt and hash
        return fits(self, kept, password)

    monkeypatch.setattr(Passwords, "fits", counted)
    for name in ("ada", "bob", "eve", "nobody", "", "local"):
        assert accounts.check(name, "the wrong password") is None
    assert len(checked) == 6
    assert len(set(checked)) == 1


def test_a_new_password_replaces_the_old_one_and_voids_what_was_signed(
    accounts: Accounts,
) -> None:
    ada = accounts.add("ada", "reader", PASSWORD)
    changed = accounts.set_password("ADA", "another password")
    assert changed.epoch == ada.epoch + 1
    assert accounts.check("ada", PASSWORD) is None
    assert accounts.check("ada", "another password") == changed


def test_a_refused_password_leaves_the_old_one(accounts: Accounts) -> None:
    ada = accounts.add("Ada Lovelace", "reader", PASSWORD)
    for password in ("short", "ada lovelace"):
        with pytest.raises(PasswordRefused):
            accounts.set_password("ada lovelace", password)
    assert accounts.check("ada lovelace", PASSWORD) == ada


def test_a_hash_of_other_parameters_is_renewed_when_its_owner_comes_in(
    accounts: Accounts, database: Database
) -> None:
    ada = accounts.add("ada", "reader", PASSWORD)
    before = kept_password(database, ada)
    later = Accounts(database, hasher=cheap_hasher(16))
    assert later.check("ada", "the wrong password") is None
    assert kept_password(database, ada) == before
    assert later.check("ada", PASSWORD) == ada
    renewed = kept_password(database, ada)
    assert renewed is not None
    assert "m=16," in renewed
    assert later.check("ada", PASSWORD) == ada
    assert kept_password(database, ada) == renewed


def test_a_damaged_hash_is_an_error_and_lets_nobody_in(
    accounts: Accounts, database: Database
) -> None:
    accounts.add("ada", "reader", PASSWORD)
    with database.writing() as connection:
        connection.execute(update(users).values(password="damaged"))
    with pytest.raises(StoreError, match="cannot be checked"):
        accounts.check("ada", PASSWORD)


def test_the_password_is_kept_as_a_hash_of_argon2id(database: Database) -> None:
    accounts = Accounts(database)
    ada = accounts.add("ada", "reader", PASSWORD)
    kept = kept_password(database, ada)
    assert kept is not None
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert PASSWORD not in kept + repr(ada)
    assert accounts.check("ada", PASSWORD) == ada


def test_signing_out_everywhere_voids_what_was_signed_for_one(accounts: Accounts) -> None:
    ada, bob = (accounts.add(name, "reader", PASSWORD) for name in ("ada", "bob"))
    accounts.sign_out_everywhere(ada.id)
    assert accounts.named("ada").epoch == ada.epoch + 1
    assert accounts.named("bob") == bob
    assert accounts.check("ada", PASSWORD) == accounts.named("ada")


def test_the_local_user_is_made_once_and_listed_nowhere(accounts: Accounts) -> None:
    you = accounts.local()
    assert (you.name, you.role, you.disabled) == ("You", "admin", False)
    assert accounts.local() == you
    assert accounts.with_id(you.id) == you
    assert accounts.all() == ()
    assert not accounts.exist()


def test_two_that_ask_for_the_local_user_at_once_get_the_same(accounts: Accounts) -> None:
    found: list[User] = []
    assert at_once(*[lambda: found.append(accounts.local())] * 6) == []
    assert len({user.id for user in found}) == 1
    assert len(found) == 6


def test_the_name_of_the_local_user_cannot_be_given(accounts: Accounts) -> None:
    for name in ("local", "Local "):
        with pytest.raises(AccountNameRefused):
            accounts.add(name, "admin", PASSWORD)
    you = accounts.add("You", "reader", PASSWORD)
    assert accounts.local().id != you.id


def test_there_are_accounts_as_soon_as_one_is_added(accounts: Accounts) -> None:
    assert not accounts.exist()
    accounts.add("ada", "reader", None)
    assert accounts.exist()
    accounts.disable("ada")
    assert accounts.exist()


def test_a_role_can_be_changed_and_what_was_signed_stays(accounts: Accounts) -> None:
    ada = accounts.add("ada", "reader", PASSWORD)
    assert accounts.set_role("Ada", "admin") == ada.model_copy(update={"role": "admin"})
    accounts.add("bob", "admin", None)
    assert accounts.set_role("Ada", "reader") == ada


@pytest.mark.parametrize(
    "act",
    [
        lambda accounts, ada: accounts.disable("Ada"),
        lambda accounts, ada: accounts.set_role("Ada", "reader"),
        lambda accounts, ada: accounts.forget(ada.id),
    ],
)
def test_the_last_enabled_admin_stays_until_there_is_another(
    accounts: Accounts, act: Callable[[Accounts, User], object]
) -> None:
    accounts.local()  # who is none of the admins that count
    ada = accounts.add("ada", "admin", PASSWORD)
    accounts.add("bob", "admin", None)
    accounts.disable("bob")
    accounts.add("eve", "reader", None)
    with pytest.raises(LastAdmin, match="assistant user role"):
        act(accounts, ada)
    assert accounts.named("ada") == ada
    assert accounts.set_role("ada", "admin") == ada
    accounts.enable("bob")
    act(accounts, ada)
    assert [user.name for user in accounts.all() if user.role == "admin" and not user.disabled] == [
        "bob"
    ]


def test_who_is_no_last_admin_can_be_disabled_and_forgotten(accounts: Accounts) -> None:
    accounts.add("ada", "admin", None)
    eve = accounts.add("eve", "reader", None)
    bob = accounts.add("bob", "admin", None)
    accounts.disable("bob")
    accounts.disable("bob")
    accounts.set_role("bob", "reader")
    accounts.disable("eve")
    accounts.forget(eve.id)
    accounts.forget(bob.id)
    assert [user.name for user in accounts.all()] == ["ada"]


def test_of_two_admins_that_disable_each_other_at_once_one_stays(accounts: Accounts) -> None:
    for _ in range(5):
        for name in ("ada", "bob"):
            if name not in [user.name for user in accounts.all()]:
                accounts.add(name, "admin", None)
            accounts.enable(name)
            accounts.set_role(name, "admin")
        failures = at_once(
            lambda: accounts.disable("ada"), lambda: accounts.set_role("bob", "reader")
        )
        assert [type(failure) for failure in failures] == [LastAdmin]


def test_who_is_forgotten_takes_conversations_and_their_sources_along(
    accounts: Accounts, database: Database
) -> None:
    ada, you = accounts.add("ada", "reader", PASSWORD), accounts.local()
    history = History(database)
    own, shared = source("own", "A marker word."), source("shared")
    history.save(ada.id, place("of ada"), turn("t1", asked="A marker word?"), [own, shared])
    history.save(you.id, place("of you"), turn("t2"), [shared])
    accounts.forget(ada.id)
    assert accounts.with_id(ada.id) is None
    assert accounts.check("ada", PASSWORD) is None
    with database.reading() as connection:
        assert connection.scalars(select(conversations.c.id)).all() == ["of you"]
        assert connection.scalars(select(sources.c.document_id)).all() == ["shared"]


def test_of_who_is_forgotten_the_file_holds_nothing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'history.db'}")
    accounts = Accounts(database, hasher=cheap_hasher())
    ada = accounts.add("a-marker-word", "reader", PASSWORD)
    History(database).save(ada.id, place("c"), turn("t", asked="A-MARKER-WORD?"))

    def held() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.iterdir()).lower()

    assert b"a-marker-word" in held()
    accounts.forget(ada.id)
    assert b"a-marker-word" not in held()
    database.close()


def test_the_local_user_can_be_forgotten_and_is_made_anew(
    accounts: Accounts, database: Database
) -> None:
    you = accounts.local()
    History(database).save(you.id, place("c"), turn("t"))
    accounts.forget(you.id)
    with database.reading() as connection:
        assert connection.scalars(select(conversations.c.id)).all() == []
    assert accounts.local().id != you.id


def test_a_name_can_be_given_again_to_another_person(accounts: Accounts) -> None:
    ada = accounts.add("ada", "reader", PASSWORD)
    accounts.forget(ada.id)
    assert accounts.add("ada", "reader", None).id != ada.id


def test_without_a_clock_an_account_is_as_old_as_it_is(database: Database) -> None:
    created = Accounts(database, hasher=cheap_hasher()).add("ada", "reader", None).created
    assert timedelta(0) <= datetime.now(UTC) - created < timedelta(minutes=1)
