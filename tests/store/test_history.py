"""Conversations are kept for those whose they are, and are not there for anybody else."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.store.database import Database
from assistant.store.history import History, NameRefused, NotYours, name_of
from assistant.store.records import SavedConversation, Turn
from tests.store.events import at
from tests.store.saved import Clock, add_user, place, source, turn


@pytest.fixture
def history(database: Database) -> History:
    add_user(database, "ann")
    add_user(database, "ben")
    return History(database, Clock())


def names(history: History, search: str = "", user_id: str = "ann") -> list[str]:
    return [line.id for line in history.page(user_id, search).lines]


def texts(history: History, conversation_id: str, user_id: str = "ann") -> list[str]:
    found = history.load(user_id, conversation_id)
    return [] if found is None else [one.asked for one in found.turns]


def test_a_conversation_is_given_back_as_it_was_saved(history: History) -> None:
    first = turn("1", asked="  Who\thelps — and how?\nPlease say.")
    second = Turn(
        id="2", reply_id="r", asked="And then?", kind="other", said=None, shown="“*”", created=at(7)
    )
    history.save("ann", place("c", scope="all"), first)
    history.save("ann", place("c", scope="own"), second)
    assert history.load("ann", "c") == SavedConversation(
        id="c", user_id="ann", name="Who helps — and how?", profile="Guidance", scope="own",
        created=at(1), turns=(first, second),
    )  # fmt: skip
    assert history.owner("c") == "ann"
    assert history.turn_with_reply("ann", "r") == second
    (line,) = history.page("ann").lines
    assert (line.created, line.changed) == (at(1), at(2))


def test_without_a_clock_of_its_own_it_is_now(database: Database) -> None:
    add_user(database, "ann")
    before = datetime.now(UTC)
    History(database).save("ann", place("c"), turn("1"))
    (line,) = History(database).page("ann").lines
    assert before <= line.created == line.changed <= datetime.now(UTC)


def test_anothers_conversation_is_as_if_it_were_not_there(history: History) -> None:
    history.save("ann", place("c"), turn("1"))
    for conversation_id in ("c", "unknown", "", "c\0", "\ud800", "c" * 37):
        assert history.load("ben", conversation_id) is None
        assert not history.rename("ben", conversation_id, "Mine")
        assert not history.delete("ben", conversation_id)
    for reply_id in ("1-reply", "unknown", "1-reply\0", "1" * 37):
        assert history.turn_with_reply("ben", reply_id) is None
    assert history.page("ben").lines == ()
    assert history.delete_all("ben") == 0
    assert texts(history, "c") == ["Who helps?"]
    assert names(history) == ["c"]


@pytest.mark.parametrize("unknown", ["unknown", "", "c\0", "\ud800", "c" * 37])
def test_what_is_not_there_has_no_owner(history: History, unknown: str) -> None:
    history.save("ann", place("c"), turn("1"))
    assert history.owner(unknown) is None
    assert history.turn_with_reply("ann", unknown) is None


def test_nothing_is_saved_to_anothers_conversation(history: History) -> None:
    history.save("ann", place("c", scope="all"), turn("1"))
    before = history.load("ann", "c")
    for forged in (turn("2"), turn("1")):
        with pytest.raises(NotYours, match="not of this account"):
            history.save("ben", place("c", scope="own"), forged)
    assert history.load("ann", "c") == before
    assert history.page("ben").lines == ()


def test_a_forged_turn_is_refused_and_begins_nothing(history: History) -> None:
    history.save("ann", place("c"), turn("1"))
    history.save("ann", place("c"), turn("2"))
    history.save("ben", place("another"), turn("3"))
    before = history.load("ann", "c"), history.load("ben", "another")
    taken = (("1", "fresh"), ("fresh", "1-reply"), ("1", "2-reply"), ("1", "3-reply"))
    for ids, whose, where in product(taken, ("ann", "ben"), ("c", "another", "new")):
        forged = turn("4", asked="Forged").model_copy(update={"id": ids[0], "reply_id": ids[1]})
        with pytest.raises(NotYours):
            history.save(whose, place(where), forged)
        assert (history.load("ann", "c"), history.load("ben", "another")) == before
        assert history.owner("new") is None


def test_a_turn_is_not_moved_to_another_conversation(history: History) -> None:
    history.save("ann", place("c"), turn("1"))
    with pytest.raises(NotYours):
        history.save("ann", place("d"), turn("1"))
    assert names(history) == ["c"]


def test_who_has_no_account_any_more_saves_nothing(history: History) -> None:
    with pytest.raises(NotYours):
        history.save("nobody", place("c"), turn("1"))
    assert history.owner("c") is None


@pytest.mark.parametrize("unfit", ["i" * 37, "\0", "i\udfff"])
@pytest.mark.parametrize("which", ["conversation", "id", "reply_id"])
def test_an_id_that_is_none_is_refused_before_the_database_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unfit: str, which: str
) -> None:
    closed = Database(f"sqlite:///{tmp_path / 'history.db'}")
    closed.close()
    history = History(closed)
    monkeypatch.setattr(Database, "writing", None)
    ids = {"conversation": "c", "id": "1", "reply_id": "r"} | {which: unfit}
    conversation = place(ids.pop("conversation"))
    with pytest.raises(NotYours):
        history.save("ann", conversation, turn("1").model_copy(update=ids))


def test_ids_of_up_to_36_characters_are_ids(history: History) -> None:
    for conversation_id, name in (("c" * 36, "1"), ("", ""), ("é %_\n'\"", "'; --")):
        one = turn("x").model_copy(update={"id": name, "reply_id": name})
        history.save("ann", place(conversation_id), one)
        assert history.turn_with_reply("ann", name) == one
        assert history.owner(conversation_id) == "ann"
        assert texts(history, conversation_id) == ["Who helps?"]
        assert history.delete("ann", conversation_id)


def test_a_turn_that_is_saved_again_is_replaced_where_it_stands(history: History) -> None:
    for name in ("1", "2"):
        history.save("ann", place("c"), turn(name))
    again = turn("1", shown="Everybody.").model_copy(update={"said": "{}", "kind": "plan"})
    history.save("ann", place("c"), again)
    found = history.load("ann", "c")
    assert found is not None
    assert found.turns == (again, turn("2"))
    history.save("ann", place("c"), turn("3"))
    found = history.load("ann", "c")
    assert found is not None
    assert found.turns == (again, turn("2"), turn("3"))


def test_if_something_goes_wrong_nothing_is_saved(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("assistant.store.history.keep", fail)
    with pytest.raises(ZeroDivisionError):
        history.save("ann", place("c"), turn("1"), [source("plan")])
    assert history.owner("c") is None
    assert history.turn_with_reply("ann", "1-reply") is None


def test_several_that_save_at_once_all_find_a_place(history: History) -> None:
    def save(n: int) -> None:
        history.save("ann", place("c"), turn(f"{n}", asked=f"{n}"), [source("plan")])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(save, range(24)))
    assert sorted(map(int, texts(history, "c"))) == list(range(24))


def test_of_several_that_forge_one_id_at_once_one_has_it(history: History) -> None:
    def save(n: int) -> bool:
        try:
            history.save("ann" if n % 2 else "ben", place(f"c{n}"), turn("1", asked=f"{n}"))
        except NotYours:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        saved = list(pool.map(save, range(16)))
    assert saved.count(True) == 1
    assert len(history.page("ann").lines + history.page("ben").lines) == 1


def test_what_no_database_takes_as_text_is_marked(history: History) -> None:
    history.save("ann", place("c"), turn("1", asked="a\0b", shown="\ud83d"))
    found = history.load("ann", "c")
    assert found is not None
    assert found.name == found.turns[0].asked == "a�b"
    assert found.turns[0].shown == "�"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Who helps?", "Who helps?"),
        ("\n \n  Who \t helps?  \nAnd how?", "Who helps?"),
        ("a\u2028b", "a"),
        ("", ""),
        (" \n\t", ""),
        ("x" * 80, "x" * 80),
        ("x" * 81, "x" * 79 + "…"),
        ("word " * 15 + "four five", "word " * 15 + "four…"),
        ("word " * 15 + "five f", "word " * 14 + "word five…"),
        ("word " * 15 + "fourf f", "word " * 14 + "word…"),
    ],
)
def test_a_conversation_is_called_after_a_line(text: str, name: str) -> None:
    assert name_of(text) == name


@given(st.text(max_size=300))
def test_a_name_is_a_beginning_of_the_text_that_fits(text: str) -> None:
    name = name_of(text)
    assert len(name) <= 80
    assert len(name.splitlines()) <= 1
    assert "  " not in name
    assert name_of(name) == name
    assert bool(name) == bool(text.strip())
    plain = " ".join(text.replace("\0", "\ufffd").split())
    assert plain.startswith((name, name.removesuffix("…")))


def test_a_conversation_is_renamed_and_keeps_its_place(history: History) -> None:
    history.save("ann", place("c"), turn("1"))
    history.save("ann", place("d"), turn("2"))
    assert history.rename("ann", "c", "  Our   helpers\nand more ")
    assert not history.rename("ann", "unknown", "Ours")
    assert not history.rename("ann", "c\0", "Ours")
    last, first = history.page("ann").lines
    assert (last.id, first.name, first.changed) == ("d", "Our helpers", at(1))
    history.save("ann", place("c"), turn("3"))
    assert history.page("ann").lines[0].name == "Our helpers"


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_a_conversation_is_not_called_nothing(history: History, name: str) -> None:
    history.save("ann", place("c"), turn("1"))
    with pytest.raises(NameRefused, match="needs a name"):
        history.rename("ann", "c", name)
    assert history.page("ann").lines[0].name == "Who helps?"


def test_what_is_deleted_is_gone_and_the_rest_is_there(history: History) -> None:
    for name in ("a", "b", "c"):
        history.save("ann", place(name), turn(name))
    history.save("ben", place("d"), turn("d"))
    assert history.delete("ann", "b")
    assert not history.delete("ann", "b")
    assert history.turn_with_reply("ann", "b-reply") is None
    assert names(history) == ["c", "a"]
    assert history.delete_all("ann") == 2
    assert names(history) == []
    assert names(history, user_id="ben") == ["d"]


def pages(history: History, limit: int, search: str = "") -> Iterator[list[str]]:
    page = history.page("ann", search, limit=limit)
    yield [line.id for line in page.lines]
    while page.next:
        page = history.page("ann", search, page.next, limit)
        yield [line.id for line in page.lines]


def test_the_last_changed_comes_first_page_by_page(history: History) -> None:
    for n in range(5):
        history.save("ann", place(f"{n}"), turn(f"{n}", asked="Yes" if n % 2 else "No"))
    history.save("ann", place("1"), turn("more"))
    history.save("ben", place("other"), turn("other"))
    assert list(pages(history, 2)) == [["1", "4"], ["3", "2"], ["0"]]
    assert list(pages(history, 5)) == [["1", "4", "3", "2", "0"]]
    assert list(pages(history, 1, search="yes")) == [["1"], ["3"]]


def test_of_what_changed_at_one_moment_none_is_left_out(database: Database) -> None:
    add_user(database, "ann")
    history = History(database, lambda: at(1))
    for name in ("a", "B", "é", "c d", "0", ""):
        history.save("ann", place(name), turn(f"t{name}"))
    shown = list(pages(history, 2))
    assert [len(page) for page in shown] == [2, 2, 2]
    assert {name for page in shown for name in page} == {"a", "B", "é", "c d", "0", ""}


def test_between_two_pages_conversations_may_come_and_go(history: History) -> None:
    for n in range(4):
        history.save("ann", place(f"{n}"), turn(f"{n}"))
    page = history.page("ann", limit=2)
    history.delete("ann", "2")
    history.save("ann", place("4"), turn("4"))
    assert [line.id for line in history.page("ann", after=page.next).lines] == ["1", "0"]


@pytest.mark.parametrize(("limit", "shown"), [(-1, 1), (0, 1), (1, 1), (100, 100), (10_000, 100)])
def test_a_page_has_1_to_100_lines(database: Database, limit: int, shown: int) -> None:
    add_user(database, "ann")
    history = History(database)
    for n in range(101 if shown == 100 else 2):
        history.save("ann", place(f"{n}"), turn(f"{n}"))
    page = history.page("ann", limit=limit)
    assert len(page.lines) == shown
    assert page.next
    if shown == 1:
        assert len(history.page("ann").lines) == 2


NAIVE = "2026-03-02T09:02:00"
CURSORS = [
    "nonsense", "00", "ff", "é", "\0", b"yesterday 1".hex(), f"{NAIVE}+00:00 1".encode().hex(),
    f"{NAIVE} c\0".encode().hex(), f"{NAIVE} {'c' * 37}".encode().hex(), b" ".hex(),
]  # fmt: skip


def test_a_cursor_that_makes_no_sense_gives_the_first_page(history: History) -> None:
    for n in range(3):
        history.save("ann", place(f"{n}"), turn(f"{n}"))
    for after in CURSORS:
        lines = history.page("ann", after=after).lines
        assert [line.id for line in lines] == ["2", "1", "0"], after


def test_a_forged_cursor_shows_nothing_of_another(history: History) -> None:
    history.save("ben", place("c"), turn("1"))
    for moment in ("0001-01-01", "9999-12-31T23:59:59.999999"):
        assert history.page("ann", after=f"{moment} c".encode().hex()).lines == ()


SEARCHES = {
    "": ["e", "d", "c", "b", "a"],
    "  ": ["e", "d", "c", "b", "a"],
    "helps": ["a"],
    "HELPS team": ["a"],
    "help helps help": ["a"],
    "team nobody": [],
    "board plan": ["b"],  # one in the first turn, the other in the second
    "board": ["b"],
    "evidence-based": ["b"],  # Markdown has a backslash in it
    "renamed": ["c"],
    "100%": ["d"],
    "%": ["d"],
    "a_b": ["d"],
    "_": ["d"],
    "c:\\d": ["d"],
    "/": ["d"],
    "'": ["d"],
    "école": ["e"],
    "ÉCOLE": ["e"],
    "Straße": ["e"],
    '{"text"': [],  # nobody sees what is kept for the product
    "helps\0": [],
    "\ud800": [],
    "conversations.id": [],
}


def test_all_words_are_looked_for_in_names_and_in_what_was_said(history: History) -> None:
    history.save("ann", place("a"), turn("1", asked="Who Helps?", shown="The Team."))
    history.save("ann", place("b"), turn("2", asked="A", shown="The Board is evidence\\-based."))
    history.save("ann", place("b"), turn("3", asked="Which plan?", shown="B"))
    history.save("ann", place("c"), turn("4", asked="A", shown="B"))
    history.rename("ann", "c", "Renamed")
    history.save("ann", place("d"), turn("5", asked="100% of a_b at c:\\d", shown="/e 'f'"))
    history.save("ann", place("e"), turn("6", asked="À l’École", shown="STRASSE, Straße"))
    history.save("ben", place("f"), turn("7", asked="Who helps? 100% école", shown="The team."))
    for search, found in SEARCHES.items():
        assert names(history, search) == found, search


def test_a_long_search_is_cut_not_refused(history: History) -> None:
    words = " ".join(chr(code) for code in range(0x370, 0x370 + 400) if chr(code).isalpha())
    history.save("ann", place("c"), turn("1", asked=words[:200]))
    assert names(history, words) == ["c"]
    assert names(history, "x" * 100_000) == []


USERS = st.sampled_from(["ann", "ben"])
SAVES = st.lists(
    st.tuples(
        USERS,
        st.sampled_from(["c", "d", "e"]),
        st.sampled_from(["1", "2", "3", "4"]),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    ),
    max_size=12,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(SAVES)
def test_whatever_is_saved_in_whatever_order_everybody_has_their_own(
    history: History, saves: list[tuple[str, str, str, str]]
) -> None:
    history.delete_all("ann")
    history.delete_all("ben")
    owners: dict[str, str] = {}
    said: dict[str, dict[str, Turn]] = {}
    for user_id, conversation_id, name, text in saves:
        one = turn(name, asked=text, shown=text)
        elsewhere = any(name in has for other, has in said.items() if other != conversation_id)
        if owners.get(conversation_id, user_id) != user_id or elsewhere:
            with pytest.raises(NotYours):
                history.save(user_id, place(conversation_id), one)
            continue
        history.save(user_id, place(conversation_id), one)
        owners[conversation_id] = user_id
        said.setdefault(conversation_id, {})[name] = one
    for user_id in ("ann", "ben"):
        own = {name for name, owner in owners.items() if owner == user_id}
        assert set(names(history, user_id=user_id)) == own
        for conversation_id in ("c", "d", "e"):
            found = history.load(user_id, conversation_id)
            turns = tuple(said[conversation_id].values()) if conversation_id in own else None
            assert (found and found.turns) == turns
        for name in ("1", "2", "3", "4"):
            held = [said[one][name] for one in own if name in said[one]]
            assert history.turn_with_reply(user_id, f"{name}-reply") == (held[0] if held else None)
