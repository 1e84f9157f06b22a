"""Names that have changed places are noticed, where what is said is not the same either way."""

import pytest

from bot.proof.roles import exchanged


def found(claim: str, quote: str, language: str = "en") -> tuple[str, str] | None:
    return exchanged(claim, [quote], language, lambda word: word in ("In", "The", "Le", "En"))


@pytest.mark.parametrize(
    ("claim", "quote", "language"),
    [
        ("Morocco thanked Qatar.", "In 2022, Qatar warmly thanked Morocco for its support.", "en"),
        ("Qatar was thanked by UNOCT.", "UNOCT was thanked by Qatar, its donor.", "en"),
        (
            "The State of Qatar assists the United Nations.",
            "The United Nations assists the State of Qatar and Oman.",
            "en",
        ),
        ("Djibouti finance le Qatar.", "Le Qatar finance le programme de Djibouti.", "fr"),
        ("Mr. Voronkov briefed Ms. Kone.", "Ms. Kone briefed Mr. Voronkov in Doha.", "en"),
    ],
)
def test_names_in_each_other_s_place_are_found(claim: str, quote: str, language: str) -> None:
    assert found(claim, quote, language)


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Qatar thanked Morocco.", "In 2022, Qatar warmly thanked Morocco."),
        ("Morocco was thanked by Qatar.", "Qatar thanked Morocco."),
        ("Qatar signed an agreement with UNOCT.", "UNOCT signed an agreement with Qatar."),
        ("Qatar and Japan fund it.", "Japan and Qatar fund it."),
        ("Japan, Qatar and Peru met.", "Peru, Qatar and Japan met."),
        ("Qatar thanked Morocco.", "Morocco thanked Qatar, and Qatar thanked Morocco in turn."),
        ("Qatar thanked Morocco.", "Morocco praised Qatar."),
        ("Qatar.", "Morocco thanked Qatar."),
        ("", ""),
    ],
)
def test_what_may_stand_in_either_order_is_left_alone(claim: str, quote: str) -> None:
    assert found(claim, quote) is None
