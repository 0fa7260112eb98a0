import pytest

from assistant.chat.tickets import Talk, Tickets
from tests.fakes import Clock

ADA = Talk("ada", "talk-1")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tickets(clock: Clock) -> Tickets:
    return Tickets(clock)


def test_a_secret_is_good_for_its_user_once_and_for_a_while(tickets: Tickets, clock: Clock) -> None:
    secret = tickets.give(ADA)
    assert tickets.redeem(secret, "bo") is None
    assert tickets.redeem(secret, "ada") == ADA
    assert tickets.redeem(secret, "ada") is None
    assert tickets.redeem("", "ada") is None
    late = tickets.give(ADA)
    clock.seconds += 601
    assert tickets.redeem(late, "ada") is None


def test_secrets_do_not_pile_up(tickets: Tickets) -> None:
    first = tickets.give(ADA)
    secrets = [tickets.give(ADA) for _ in range(1000)]
    assert tickets.redeem(first, "ada") is None
    assert tickets.redeem(secrets[0], "ada") == ADA
