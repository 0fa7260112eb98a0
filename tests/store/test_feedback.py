"""What readers think of replies: their own, once, and as they said it last."""

import contextlib
import threading
import unicodedata
import uuid
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from assistant.store.database import Database
from assistant.store.feedback import FeedbackBook, FeedbackRefused, ReplyNotFound
from assistant.store.records import Feedback, Verdict
from assistant.store.tables import conversations, feedback
from tests.store.events import at
from tests.store.replied import answered, has_reader, has_reply
from tests.store.saved import Clock


@pytest.fixture
def book(database: Database) -> FeedbackBook:
    return FeedbackBook(database, Clock())


@pytest.fixture
def ann(database: Database) -> str:
    return has_reader(database, "ann")


@pytest.fixture
def reply(database: Database, ann: str) -> str:
    return has_reply(database, ann, "a", "What stays?", answered().model_dump_json())


def test_what_is_given_is_there_with_what_was_asked_and_said(
    book: FeedbackBook, ann: str, reply: str
) -> None:
    given_id = book.give(ann, reply, "wrong_evidence", "  Not that passage.\n")
    (found,) = book.all()
    assert found == Feedback(
        id=given_id, verdict="wrong_evidence", comment="Not that passage.", created=at(1),
        asked="What stays?", said=answered().model_dump_json(),
    )  # fmt: skip
    assert book.of(ann, [reply]) == {reply: found}


def test_the_reader_who_says_it_again_replaces_it(book: FeedbackBook, ann: str, reply: str) -> None:
    first = book.give(ann, reply, "not_helpful", "No.")
    assert book.give(ann, reply, "helpful", "") == first
    (found,) = book.all()
    assert (found.verdict, found.comment, found.created) == ("helpful", "", at(2))


def test_nothing_can_be_said_of_the_reply_to_another(
    database: Database, book: FeedbackBook, ann: str, reply: str
) -> None:
    bob = has_reader(database, "bob")
    with pytest.raises(ReplyNotFound) as anothers:
        book.give(bob, reply, "helpful", "")
    with pytest.raises(ReplyNotFound) as unknown:
        book.give(bob, "reply-none", "helpful", "")
    assert str(anothers.value) == str(unknown.value)
    assert book.all() == ()
    book.give(ann, reply, "helpful", "")
    assert book.of(bob, [reply]) == {}
    assert not book.take_back(bob, reply)
    assert len(book.all()) == 1


@pytest.mark.parametrize("forged", ["", "turn-a", "x" * 37, "x" * 100_000, "reply\0a", "\ud800"])
def test_a_forged_id_is_an_unknown_reply(
    book: FeedbackBook, ann: str, reply: str, forged: str
) -> None:
    with pytest.raises(ReplyNotFound):
        book.give(ann, forged, "helpful", "")
    assert not book.take_back(ann, forged)
    assert book.of(ann, [forged, reply]) == {}


def test_an_unknown_verdict_is_refused(book: FeedbackBook, ann: str, reply: str) -> None:
    with pytest.raises(FeedbackRefused, match="missing_guidance"):
        book.give(ann, reply, cast("Verdict", "splendid"), "")
    assert book.all() == ()


def test_a_comment_of_two_thousand_characters_is_kept_and_a_longer_one_refused(
    book: FeedbackBook, ann: str, reply: str
) -> None:
    book.give(ann, reply, "helpful", f" {'x' * 2_000}\n\0")
    with pytest.raises(FeedbackRefused, match="2,001 characters") as caught:
        book.give(ann, reply, "not_helpful", "secret " + "x" * 1_994)
    assert "secret" not in str(caught.value)
    (found,) = book.all()
    assert (found.verdict, found.comment) == ("helpful", "x" * 2_000)


@pytest.mark.parametrize(
    ("comment", "kept"),
    [
        ("a\r\nb\rc\nd\u2028e", "a\nb\nc\nd\ne"),
        ("a\0\x07\x1b[31mb\x9f", "a[31mb"),
        ("a\tb", "a b"),
        ("\n\0 \n", ""),
        ("Łódź 学校 👩\u200d🏫 \ud800", "Łódź 学校 👩\u200d🏫"),
    ],
)
def test_of_control_characters_only_line_ends_are_kept(
    book: FeedbackBook, ann: str, reply: str, comment: str, kept: str
) -> None:
    book.give(ann, reply, "helpful", comment)
    assert book.of(ann, [reply])[reply].comment == kept


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(), max_size=200))
def test_any_comment_can_be_given_and_is_kept_alike_the_second_time(
    book: FeedbackBook, ann: str, reply: str, comment: str
) -> None:
    book.give(ann, reply, "helpful", comment)
    kept = book.of(ann, [reply])[reply].comment
    assert {unicodedata.category(c) for c in kept if c != "\n"}.isdisjoint({"Cc", "Cs"})
    book.give(ann, reply, "helpful", kept)
    assert book.of(ann, [reply])[reply].comment == kept


def test_what_is_taken_back_is_gone_and_can_be_given_anew(
    book: FeedbackBook, ann: str, reply: str
) -> None:
    book.give(ann, reply, "helpful", "")
    assert book.take_back(ann, reply)
    assert not book.take_back(ann, reply)
    assert book.all() == ()
    book.give(ann, reply, "not_helpful", "")
    assert len(book.all()) == 1


def test_of_many_replies_those_with_feedback_are_given(
    database: Database, book: FeedbackBook, ann: str
) -> None:
    replies = [has_reply(database, ann, f"{n}") for n in range(3)]
    book.give(ann, replies[0], "helpful", "")
    book.give(ann, replies[2], "not_helpful", "")
    assert {one: f.verdict for one, f in book.of(ann, replies[:2]).items()} == {
        replies[0]: "helpful"
    }
    assert set(book.of(ann, replies)) == {replies[0], replies[2]}
    assert book.of(ann, []) == {}


def test_all_is_oldest_first_and_can_be_narrowed(
    database: Database, book: FeedbackBook, ann: str
) -> None:
    bob = has_reader(database, "bob")
    verdicts: tuple[Verdict, ...] = ("helpful", "missing_guidance", "wrong_evidence", "helpful")
    for n, verdict in enumerate(verdicts):
        whose = (ann, bob)[n % 2]
        book.give(whose, has_reply(database, whose, f"{n}"), verdict, "")
    assert [one.verdict for one in book.all()] == list(verdicts)
    assert [one.created for one in book.all(since=at(3))] == [at(3), at(4)]
    assert [one.created for one in book.all(verdict="helpful")] == [at(1), at(4)]
    assert [one.created for one in book.all(at(2), "helpful")] == [at(4)]


def test_nothing_that_is_given_to_who_runs_the_server_names_the_reader(
    book: FeedbackBook, ann: str, reply: str
) -> None:
    book.give(ann, reply, "helpful", "Good.")
    (found,) = book.all()
    assert ann not in found.model_dump_json()


def test_with_its_conversation_feedback_is_gone(
    database: Database, book: FeedbackBook, ann: str, reply: str
) -> None:
    book.give(ann, reply, "helpful", "")
    with database.writing() as connection:
        connection.execute(delete(conversations))
    assert book.all() == ()
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(feedback)) == 0


def test_who_gives_it_from_two_pages_at_once_has_given_it_once(
    database: Database, ann: str, reply: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new row waits for the other page to be about to write one as well, which it must not."""
    both, make, ids = threading.Barrier(2), uuid.uuid4, []

    def make_slowly() -> uuid.UUID:
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(0.5)
        return make()

    monkeypatch.setattr("assistant.store.feedback.uuid.uuid4", make_slowly)
    book = FeedbackBook(database)
    givers = [
        threading.Thread(target=lambda: ids.append(book.give(ann, reply, "helpful", "")))
        for _ in range(2)
    ]
    for giver in givers:
        giver.start()
    for giver in givers:
        giver.join()
    (found,) = book.all()
    assert ids == [found.id, found.id]
