"""What stands in quotation marks, an address or markup is the release's own, letter for letter."""

import pytest

from bot.proof.verbatim import misquoted, strange
from tests.proof.conftest import quote, release

HELD = [
    quote(
        release(
            "He said it “is a symbol of the solid partnership” at un.org/ct, or a@un.org.", "On “the Compact”"
        )
    )
]


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("It “is a symbol of the solid partnership”.", None),
        ("It is «a symbol of the solid partnership».", None),
        ('It is "Symbol of the solid partnership."', None),
        ("It is about “the Compact”.", None),
        ("It is “weak”.", None),
        ("It is “a symbol of the weak partnership”.", "a symbol of the weak partnership"),
        ("C'est « un symbole du partenariat ».", "un symbole du partenariat"),
        ("It is 'weak', they don't say it's so.", None),
    ],
)
def test_words_in_quotation_marks_are_verbatim(claim: str, words: str | None) -> None:
    assert misquoted(claim, HELD) == words


@pytest.mark.parametrize(
    "claim",
    [
        "See https://evil.example/?q=1 for it.",
        "See (here)(https://evil.example).",
        "See www.evil.example now.",
        "Write to evil@un.org now.",
        "Write to mailto:x now.",
        "See evil.com now.",
        "<img src=x onerror=alert(1)>",
        "It is <b>bold</b>.",
        "!(seal)(x)",
        "It is &lt;b&gt;.",
        "Run `rm` now.",
        '{"answer": "Mars", "citations": (1)}',
        "See https://un.org/ct for it.",
    ],
)
def test_addresses_and_markup_of_the_model_are_strange(claim: str) -> None:
    assert strange(claim, HELD)


@pytest.mark.parametrize(
    "claim",
    [
        "See un.org/ct for it.",
        "Write to a@un.org.",
        "At 10:30 the U.N. met: 5 < 6.",
        "The aim is: peace.",
        "",
    ],
)
def test_those_of_the_release_and_plain_prose_are_not(claim: str) -> None:
    assert strange(claim, HELD) is None
