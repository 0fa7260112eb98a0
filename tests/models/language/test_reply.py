"""What is read of a reply: thinking aloud left out, and tokens."""

import pytest

from tests.models.language.asking import ASKED, PROVIDERS, TEXT, Opens, failure
from tests.models.scripted_model import ScriptedModel, says, thinks


@PROVIDERS
def test_tokens_are_estimated_where_the_server_counts_none(
    server: ScriptedModel, opens: Opens, provider: str
) -> None:
    server.does(says(TEXT, counts=False))
    text, tokens = opens(provider).complete(ASKED)
    assert (text, tokens.counted) == (TEXT, False)
    assert 4 <= tokens.read <= 8
    assert 10 <= tokens.written <= 20


@PROVIDERS
def test_what_a_model_thinks_aloud_is_left_out(
    server: ScriptedModel, opens: Opens, provider: str
) -> None:
    server.does(thinks("Is it the core? <b>Or</b> the form?\n\nThe core.", TEXT))
    *pieces, _ = opens(provider).stream(ASKED)
    assert "".join(str(piece) for piece in pieces) == TEXT


@pytest.mark.parametrize(
    ("reply", "shown"),
    [
        ("\n <think></think>The core.", "The core."),
        ("<thinking>Hm.</thinking>\nThe core.", "The core."),
        ("<think>Hm.</think>The <think>core</think>.", "The <think>core</think>."),
        ("<thin ice> The core.", "<thin ice> The core."),
        ("<5 schools.", "<5 schools."),
        ("  The core.", "  The core."),
    ],
)
def test_only_thinking_at_the_beginning_is_left_out_however_it_is_torn(
    server: ScriptedModel, opens: Opens, reply: str, shown: str
) -> None:
    server.does(*(says(reply, piece=piece) for piece in (1, 2, 3, 100)))
    model = opens()
    assert [model.complete(ASKED)[0] for _ in range(4)] == [shown] * 4


def test_a_model_that_only_thinks_wrote_nothing(server: ScriptedModel, opens: Opens) -> None:
    server.does(says("<think>The core?</think>\n"))
    assert failure(opens()).kind == "empty"


@pytest.mark.parametrize("reply", ["<think>The core? Or", "<think>The core.</think>\n"])
def test_a_model_that_thinks_until_its_limit_was_cut_off(
    server: ScriptedModel, opens: Opens, reply: str
) -> None:
    server.does(says(reply, finish="length"))
    assert failure(opens()).kind == "cut_off"
