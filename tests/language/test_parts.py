"""A question that asks for several things is read as one question for each, too."""

import pytest

from bot.language.parts import parts


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("When and where did they meet?", ["When did they meet?", "Where did they meet?"]),
        (
            "Where and on which days in 2022 was the fair?",
            ["Where was the fair?", "On which days in 2022 was the fair?"],
        ),
        ("In which town, and when, was it?", ["In which town was it?", "When was it?"]),
        ("Où et quand a eu lieu la foire ?", ["Où a eu lieu la foire ?", "Quand a eu lieu la foire ?"]),
        (
            "Quand et dans quelle ville le forum se tient-il ?",
            ["Quand le forum se tient-il ?", "Dans quelle ville le forum se tient-il ?"],
        ),
        ("Where was the fair held, and when?", ["Where was the fair held?"]),
        ("Qui a signé l'accord et quand ?", ["Qui a signé l'accord?"]),
        (
            "When did it start and how many states pay?",
            ["When did it start?", "How many states pay?"],
        ),
        ("Who pays? How many states gain?", ["Who pays?", "How many states gain?"]),
        ("Which states and bodies pay?", []),
        ("Who pays for it?", []),
        ("Who pays? It is for a speech.", []),
        ("and when?", []),
        ("", []),
    ],
)
def test_each_part_is_a_question(question: str, asked: list[str]) -> None:
    assert parts(question) == asked
