"""Names and passwords that are allowed, and when two are the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.store.credentials import (
    AccountNameRefused,
    PasswordRefused,
    Passwords,
    key_of,
    key_of_new,
)
from assistant.store.database import StoreError
from tests.store.accounts import PASSWORD, cheap_hasher


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(cheap_hasher())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada", "ada"), ("  ada\n", "ada"), ("Ada@Example.org", "ada@example.ORG"),
        ("Straße", "STRASSE"), ("Ａｄａ", "ada"), ("Zoe\u0308", "Zoë"), ("ada\ufe0f", "ada"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ],
)  # fmt: skip
def test_names_that_look_the_same_are_the_same(one: str, other: str) -> None:
    assert key_of(one) == key_of(other) != ""


@pytest.mark.parametrize(("one", "other"), [("ada", "adá"), ("ada b", "adab"), ("a.b", "ab")])
def test_names_that_look_different_are_different(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


@pytest.mark.parametrize(
    "name",
    [
        "", "  \t ", "a" * 101, "a\nb", "a\0b", "a\x1b[31m", "a\u202eb", "a\u200bb", "a\ud800b",
        "a\u00a0b", "\u3164", "\ufe0f\u034f", "local", " LOCAL ", "Ｌocal", "\ufdfa" * 100,
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_seen_or_is_too_long_is_refused(name: str) -> None:
    assert key_of(name) == ""
    with pytest.raises(AccountNameRefused, match="1 to 100 visible characters") as caught:
        key_of_new(name)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("name", ["a", "a" * 100, "Ada Lovelace", "李小龍", "محمد", "locale"])
def test_a_name_that_can_be_seen_is_allowed(name: str) -> None:
    assert key_of_new(name) == key_of(name) != ""


@given(st.text(max_size=120))
def test_a_key_is_its_own_key_and_has_room_in_its_column(name: str) -> None:
    key = key_of(name)
    assert len(key) <= 200
    if len(key) <= 100:
        assert key_of(key) == key
    if len(name.casefold()) <= 100 and key:
        assert key_of(name.casefold()) == key
    for form in ("NFC", "NFD"):
        other = unicodedata.normalize(form, name)
        if len(other) <= 100 and key:
            assert key_of(other) == key


@given(st.text(min_size=10, max_size=200, alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_password_fits_its_own_hash_only(password: str) -> None:
    passwords = Passwords(cheap_hasher())
    composed = unicodedata.normalize("NFC", password)
    if not 10 <= len(composed) <= 200:
        return
    kept = passwords.hashed(password, "another")
    assert passwords.fits(kept, password)
    assert passwords.fits(kept, unicodedata.normalize("NFD", password))
    assert not passwords.fits(kept, password[:-1] + ("b" if composed[-1] == "a" else "a"))
    assert kept.startswith("$argon2id$")


@pytest.mark.parametrize(
    "password",
    ["", "a" * 9, "a" * 201, "a" * 100_000, "e\u0301" * 9, "Ada@Example.ORG", "\udcff" * 12],
)
def test_a_password_that_breaks_the_rule_is_refused_without_being_told(
    passwords: Passwords, password: str
) -> None:
    with pytest.raises(PasswordRefused, match="10 to 200 characters") as caught:
        passwords.hashed(password, key_of("ada@example.org"))
    assert caught.value.exit_code == 2
    assert not password or password not in str(caught.value)


@pytest.mark.parametrize("password", ["a" * 10, "a" * 200, "e\u0301" * 200, " " * 10, "\0" * 10])
def test_a_password_at_the_edge_of_the_rule_is_allowed(passwords: Passwords, password: str) -> None:
    assert passwords.fits(passwords.hashed(password, "ada"), password)


@pytest.mark.parametrize(
    "password", ["", "a" * 1_000_000, "a\u0301\u0316" * 500_000, "\ud800" * 12]
)
def test_what_could_never_be_a_password_does_not_fit(passwords: Passwords, password: str) -> None:
    for kept in (passwords.hashed("a" * 200, "ada"), passwords.of_nobody):
        assert not passwords.fits(kept, password)


def test_two_hashes_of_one_password_differ(passwords: Passwords) -> None:
    assert passwords.hashed(PASSWORD, "ada") != passwords.hashed(PASSWORD, "ada")


@pytest.mark.parametrize("kept", ["hush", "$argon2id$hush", "$argon2id$v=19$m=8,t=1,p=1$hush$hush"])
def test_a_hash_that_cannot_be_read_is_an_error_that_does_not_tell_it(
    passwords: Passwords, kept: str
) -> None:
    with pytest.raises(StoreError, match="assistant user passwd") as caught:
        passwords.fits(kept, PASSWORD)
    assert "hush" not in str(caught.value) + str(caught.value.__cause__)
    assert PASSWORD not in str(caught.value)


def test_a_hash_is_renewed_when_its_parameters_are_no_more_ours(passwords: Passwords) -> None:
    kept = passwords.hashed(PASSWORD, "ada")
    assert passwords.renewed(kept, PASSWORD) is None
    renewed = Passwords(cheap_hasher(16)).renewed(kept, PASSWORD)
    assert renewed is not None
    assert "m=16," in renewed
    assert passwords.fits(renewed, PASSWORD)
