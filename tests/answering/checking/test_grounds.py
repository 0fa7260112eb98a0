"""What is read of a ground is read once."""

from assistant.answering.checking import Ground
from tests.answering.checking.scripted import PARTS, Words, checking


def test_a_ground_is_read_once() -> None:
    words = Words()
    check = checking(words=words)
    check.check("Fir elm birch alder hazel cedar.", PARTS)
    of_ground = max(words.asked, key=len)
    assert len(of_ground) == 24
    check.check("Hazel fir elm birch alder cedar.", PARTS)
    check.check("Hazel fir elm birch cedar alder.", Ground(PARTS.sentences))
    assert words.asked.count(of_ground) == 1
    check.check("Hazel fir elm birch cedar alder.", Ground(PARTS.sentences[:3]))
    assert len(words.asked) == 6
