import pytest

from assistant import errors
from assistant.errors import AssistantError, DocumentRefused, SettingsError, UsageError

EVERY_ERROR = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, AssistantError)
]


def test_an_error_says_what_happened_and_what_to_do() -> None:
    error = DocumentRefused("plan.txt: is empty.", "Remove it.")
    assert error.message == "plan.txt: is empty."
    assert error.remedy == "Remove it."
    assert str(error) == "plan.txt: is empty. Remove it."
    assert error.args == ("plan.txt: is empty.", "Remove it.")


def test_an_error_is_named_by_its_type() -> None:
    assert SettingsError("a", "b").name == "SettingsError"
    assert AssistantError("a", "b").name == "AssistantError"


def test_wrong_calls_have_an_exit_code_of_their_own() -> None:
    assert {kind.__name__: kind.exit_code for kind in EVERY_ERROR} == {
        "AssistantError": 1,
        "UsageError": 2,
        "SettingsError": 2,
        "QuestionError": 2,
        "BriefError": 2,
        "BriefIncomplete": 2,
        "DocumentRefused": 1,
        "CorpusError": 1,
        "DocumentNotFound": 1,
        "ModelError": 1,
        "IndexMissing": 1,
        "IndexOutdated": 1,
        "IndexDamaged": 1,
        "IndexNotWritable": 1,
        "StorageFull": 1,
    }


@pytest.mark.parametrize("kind", EVERY_ERROR)
def test_every_error_is_caught_as_one_of_ours(kind: type[AssistantError]) -> None:
    with pytest.raises(AssistantError) as caught:
        raise kind("It broke.", "Mend it.")
    assert (caught.value.name, str(caught.value)) == (kind.__name__, "It broke. Mend it.")


def test_a_bad_setting_is_a_wrong_call() -> None:
    assert issubclass(SettingsError, UsageError)
