import asyncio
import threading
from collections.abc import Sequence
from typing import cast

import pytest

from assistant.answering.watch import Watch
from assistant.app import Assistant
from assistant.chat.conversation import Conversation
from assistant.chat.desk import Turn
from assistant.chat.shelf import Taken
from assistant.errors import IndexDamaged
from assistant.models.language import Stopped
from assistant.plans import SessionPlan
from assistant.records import Answer
from tests.chat.chatting import ChattingAssistant
from tests.fakes import ScriptedAssistant

PATIENCE = 20.0


class Listening(ScriptedAssistant):
    """Remembers what it was asked; a question that begins with "held" waits to be let go."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, tuple[str, ...]]] = []
        self.only: list[tuple[str, ...]] = []
        self.watches: list[Watch | None] = []
        self.begun = threading.Event()
        self.let_go = threading.Event()
        self.running = 0
        self.most_at_once = 0

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        only: Sequence[str] = (),
        without: Sequence[str] = (),
        watch: Watch | None = None,
    ) -> Answer:
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        self.watches.append(watch)
        try:
            self.heard.append((question, tuple(history)))
            self.only.append(tuple(only))
            if question.startswith("held"):
                self.begun.set()
                assert self.let_go.wait(PATIENCE)
            return super().ask(question, history, only, without)
        finally:
            self.running -= 1


async def ask(conversation: Conversation, assistant: Listening, question: str) -> Answer:
    return await conversation.ask(cast(Assistant, assistant), question)


async def wait_until_begun(assistant: Listening) -> None:
    assert await asyncio.to_thread(assistant.begun.wait, PATIENCE)


def test_what_was_asked_before_is_handed_on_in_order() -> None:
    assistant, conversation = Listening(), Conversation()

    async def talk() -> list[Answer]:
        return [await ask(conversation, assistant, question) for question in ("a", "b", "c", "b")]

    answers = asyncio.run(talk())
    assert assistant.heard == [
        ("a", ()),
        ("b", ("a",)),
        ("c", ("a", "b")),
        ("b", ("a", "b", "c")),
    ]
    assert [answer.question for answer in answers] == ["a", "b", "c", "b"]
    assert answers[2].resolved_question == "a | b | c"


def test_two_readers_do_not_hear_each_other() -> None:
    assistant, one, other = Listening(), Conversation(), Conversation()

    async def talk() -> None:
        await ask(one, assistant, "a")
        await ask(other, assistant, "b")
        await ask(one, assistant, "c")

    asyncio.run(talk())
    assert assistant.heard == [("a", ()), ("b", ()), ("c", ("a",))]


@pytest.mark.parametrize(
    ("question", "fault"), [("broken", RuntimeError), ("damaged", IndexDamaged)]
)
def test_a_question_that_failed_is_not_remembered(question: str, fault: type[Exception]) -> None:
    assistant, conversation = Listening(), Conversation()

    async def talk() -> None:
        await ask(conversation, assistant, "a")
        with pytest.raises(fault):
            await ask(conversation, assistant, question)
        await ask(conversation, assistant, "b")

    asyncio.run(talk())
    assert assistant.heard[-1] == ("b", ("a",))


def test_a_declined_question_is_remembered() -> None:
    assistant, conversation = Listening(), Conversation()

    async def talk() -> Answer:
        await ask(conversation, assistant, "paint the wall")
        return await ask(conversation, assistant, "and why?")

    assert asyncio.run(talk()).resolved_question == "paint the wall | and why?"


def test_a_question_that_was_stopped_counts_as_not_asked() -> None:
    assistant, conversation = Listening(), Conversation()

    async def talk() -> None:
        await ask(conversation, assistant, "a")
        stopped = asyncio.create_task(ask(conversation, assistant, "held"))
        await wait_until_begun(assistant)
        stopped.cancel()
        with pytest.raises(asyncio.CancelledError):
            await stopped
        await ask(conversation, assistant, "b")
        assistant.let_go.set()
        await ask(conversation, assistant, "c")

    asyncio.run(talk())
    assert assistant.heard == [("a", ()), ("held", ("a",)), ("b", ("a",)), ("c", ("a", "b"))]


def test_a_question_that_was_stopped_before_its_turn_is_never_asked() -> None:
    assistant, conversation = Listening(), Conversation()

    async def talk() -> None:
        first = asyncio.create_task(ask(conversation, assistant, "held"))
        await wait_until_begun(assistant)
        second = asyncio.create_task(ask(conversation, assistant, "b"))
        await asyncio.sleep(0)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        assistant.let_go.set()
        await first
        await ask(conversation, assistant, "c")

    asyncio.run(talk())
    assert assistant.heard == [("held", ()), ("c", ("held",))]


def test_two_questions_at_once_are_answered_one_after_another() -> None:
    assistant, conversation = Listening(), Conversation()

    async def talk() -> list[Answer]:
        first = asyncio.create_task(ask(conversation, assistant, "held"))
        await wait_until_begun(assistant)
        others = [asyncio.create_task(ask(conversation, assistant, name)) for name in ("b", "c")]
        await asyncio.sleep(0)
        assert [question for question, _ in assistant.heard] == ["held"]
        assistant.let_go.set()
        return await asyncio.gather(first, *others)

    answers = asyncio.run(talk())
    assert [answer.question for answer in answers] == ["held", "b", "c"]
    assert assistant.heard == [("held", ()), ("b", ("held",)), ("c", ("held", "b"))]
    assert assistant.most_at_once == 1


def test_after_a_failure_it_is_the_turn_of_the_next_who_waits() -> None:
    assistant, conversation = Listening(), Conversation()

    async def talk() -> list[Answer | BaseException]:
        names = ("broken", "damaged", "b")
        asked = [ask(conversation, assistant, name) for name in names]
        return await asyncio.gather(*asked, return_exceptions=True)

    first, second, third = asyncio.run(talk())
    assert isinstance(first, RuntimeError)
    assert isinstance(second, IndexDamaged)
    assert isinstance(third, Answer)
    assert assistant.heard[-1] == ("b", ())


def test_two_readers_are_answered_at_the_same_time() -> None:
    assistant, one, other = Listening(), Conversation(), Conversation()

    async def talk() -> None:
        held = asyncio.create_task(ask(one, assistant, "held"))
        await wait_until_begun(assistant)
        await ask(other, assistant, "b")
        assert not held.done()
        assistant.let_go.set()
        await held

    asyncio.run(talk())
    assert assistant.most_at_once == 2


def test_the_last_fifty_questions_are_remembered() -> None:
    assistant, conversation = Listening(), Conversation()

    async def talk() -> None:
        for number in range(53):
            await ask(conversation, assistant, str(number))

    asyncio.run(talk())
    lengths = [len(history) for _, history in assistant.heard]
    assert lengths == [*range(51), 50, 50]
    assert assistant.heard[-1] == ("52", tuple(str(number) for number in range(2, 52)))


def test_a_question_is_asked_from_the_documents_that_are_named() -> None:
    assistant, conversation = Listening(), Conversation()

    async def talk() -> None:
        known = cast(Assistant, assistant)
        await conversation.ask(known, "a")
        await conversation.ask(known, "b", ("one", "two"))
        await conversation.ask(known, "c")

    asyncio.run(talk())
    assert assistant.only == [(), ("one", "two"), ()]
    assert assistant.heard[-1] == ("c", ("a", "b"))


def test_a_conversation_begins_with_everything() -> None:
    assert Conversation().scope == "everything"


def test_whoever_looks_on_is_handed_on() -> None:
    assistant, conversation, watch = Listening(), Conversation(), Watch()
    asyncio.run(conversation.ask(cast(Assistant, assistant), "a", (), watch))
    assert assistant.watches == [watch]


@pytest.mark.parametrize("by", ["stop", "leave"])
def test_a_reader_who_stops_or_leaves_stops_the_writing_at_once(by: str) -> None:
    assistant, conversation, watch = Listening(), Conversation(), Watch()

    async def talk() -> None:
        asking = conversation.ask(cast(Assistant, assistant), "held", (), watch)
        asked = asyncio.create_task(asking)
        await wait_until_begun(assistant)
        assert not watch.stop.is_set()
        if by == "stop":
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
        else:
            conversation.leave()
        assert watch.stop.is_set()
        assistant.let_go.set()

    asyncio.run(talk())


@pytest.mark.parametrize("earlier", [(), ("lacking it",)])
def test_a_reader_who_leaves_stops_the_wording_of_a_plan_and_keeps_what_there_was(
    earlier: tuple[str, ...],
) -> None:
    assistant, conversation = ChattingAssistant(), Conversation()

    async def talk() -> None:
        for text in earlier:
            await conversation.reply(cast(Assistant, assistant), text)
        before = conversation.desk
        asked = asyncio.create_task(
            conversation.reply(cast(Assistant, assistant), "plan setting wait 60")
        )
        await asyncio.sleep(0.05)
        conversation.leave()
        with pytest.raises(Stopped):
            await asked
        assert conversation.desk is before

    asyncio.run(talk())
    assert assistant.stopped == 1


def test_to_leave_when_nothing_is_under_way_stops_nothing_later() -> None:
    assistant, conversation = Listening(), Conversation()

    async def talk() -> Answer:
        await ask(conversation, assistant, "a")
        conversation.leave()
        return await ask(conversation, assistant, "b")

    assert asyncio.run(talk()).question == "b"


def test_what_is_prepared_is_no_question_and_is_what_a_file_is_made_of() -> None:
    conversation = Conversation()

    async def talk() -> list[object]:
        assistant = cast(Assistant, ChattingAssistant())
        assert conversation.last is None
        answer = await conversation.reply(assistant, "what now?")
        assert conversation.last == answer
        plan = await conversation.reply(assistant, "brief for a ward", preparing=True)
        assert conversation.last is plan
        later = await conversation.reply(assistant, "and then?")
        assert conversation.last is plan
        assert conversation.answers == (answer, later)
        return [later]

    (later,) = asyncio.run(talk())
    assert isinstance(later, Answer)
    assert later.resolved_question == "what now? | and then?"


def test_a_plan_that_was_stopped_is_not_there() -> None:
    conversation = Conversation()

    async def talk() -> None:
        assistant = cast(Assistant, ChattingAssistant())
        preparing = asyncio.create_task(conversation.reply(assistant, "plan wait 0.5"))
        await asyncio.sleep(0.1)
        preparing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await preparing

    asyncio.run(talk())
    assert conversation.last is None


# --- taken up again -------------------------------------------------------------------


def talked(*texts: str, preparing: bool = False) -> tuple[Conversation, list[Answer | Turn]]:
    """A conversation of these messages, and what was said to each."""
    conversation, assistant = Conversation(), cast(Assistant, ChattingAssistant())

    async def talk() -> list[Answer | Turn]:
        return [await conversation.reply(assistant, text, preparing) for text in texts]

    return conversation, asyncio.run(talk())


def taken_up(*texts: str, preparing: bool = False) -> Conversation:
    """The same, as it is taken up from what was kept of it."""
    _, said = talked(*texts, preparing=preparing)
    known = [one if isinstance(one, Taken) else None for one in said]
    return Conversation.taken_up("everything", list(zip(texts, known, strict=True)))


def goes_on(conversation: Conversation, text: str) -> Answer | Turn:
    """What is said to the next message."""
    return asyncio.run(conversation.reply(cast(Assistant, ChattingAssistant()), text))


def test_a_conversation_that_is_taken_up_knows_what_was_asked_and_answered() -> None:
    asked = ("a", "paint the wall", "b")
    before, said = talked(*asked)
    again = taken_up(*asked)
    assert again.answers == before.answers == tuple(said)
    assert again.last == said[-1]
    follow_up = goes_on(again, "and why?")
    assert follow_up == goes_on(before, "and why?")
    assert isinstance(follow_up, Answer)
    assert follow_up.resolved_question == "a | paint the wall | b | and why?"


def test_a_conversation_is_taken_up_with_what_it_is_answered_from() -> None:
    assert Conversation.taken_up("document:manual", []).scope == "document:manual"
    assert Conversation.taken_up("own", []).answers == ()
    assert Conversation.taken_up("own", []).last is None


@pytest.mark.parametrize("prepared", ["plan a", "series"])
def test_what_was_prepared_can_be_changed_and_taken_away_again(prepared: str) -> None:
    before, said = talked("a", prepared, "b")
    again = taken_up("a", prepared, "b")
    assert again.desk == before.desk
    assert again.last == said[1]
    assert goes_on(again, "change it is shorter") == goes_on(before, "change it is shorter")
    answer = goes_on(again, "c")
    assert isinstance(answer, Answer)
    assert answer.resolved_question == "a | b | c"


def test_of_two_plans_the_later_one_is_on_the_desk() -> None:
    again = taken_up("plan a", "change it is shorter", "plan b")
    assert isinstance(again.desk.current, SessionPlan)
    assert again.desk.current.purpose == "plan b"


def test_a_series_of_which_a_session_was_shown_is_still_there() -> None:
    before, _ = talked("series", "Show session 3")
    again = taken_up("series", "Show session 3")
    assert again.desk == before.desk
    assert goes_on(again, "Show session 2") == goes_on(before, "Show session 2")


def test_what_is_not_known_any_more_is_no_earlier_question() -> None:
    known = ScriptedAssistant().ask("b")
    again = Conversation.taken_up("everything", [("a", None), ("b", known), ("files", None)])
    assert again.answers == (known,)
    answer = goes_on(again, "c")
    assert isinstance(answer, Answer)
    assert answer.resolved_question == "b | c"


def test_the_last_fifty_questions_are_taken_up() -> None:
    answer = ScriptedAssistant().ask("a")
    again = Conversation.taken_up("everything", [(str(n), answer) for n in range(60)])
    assert len(again.answers) == 50
    said = goes_on(again, "now")
    assert isinstance(said, Answer)
    assert said.resolved_question == " | ".join([*map(str, range(10, 60)), "now"])
