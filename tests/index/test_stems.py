from assistant.index.stems import Stemmer


def test_forms_of_a_word_share_a_stem_in_the_order_of_the_words() -> None:
    assert Stemmer().stems(["coaching", "coaches", "data"]) == ["coach", "coach", "data"]


def test_a_word_that_is_no_token_keeps_its_form() -> None:
    assert Stemmer().stems(["%", "teams"]) == ["%", "team"]


def test_one_question_leaves_nothing_behind_for_the_next() -> None:
    stemmer = Stemmer()
    stemmer.stems(["first", "second", "third"])
    assert stemmer.stems(["other"]) == ["other"]
