"""Numbers are compared by what they are worth, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.figures import figures


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("66 Member States", "en", {"66"}),
        ("sixty-six Member States", "en", {"66"}),
        ("soixante-six États", "fr", {"66"}),
        ("quatre-vingt-onze experts", "fr", {"91"}),
        ("1,200 or 1 200 or 1.200 or 1'200", "en", {"1200"}),
        ("twelve hundred", "en", {"1200"}),
        ("2.5 million dollars", "en", {"2500000"}),
        ("2,5 millions de dollars", "fr", {"2500000"}),
        ("2,500,000", "en", {"2500000"}),
        ("3 milliards", "fr", {"3000000000"}),
        ("12,500 million", "en", {"12500000000"}),
        ("٦٦ دولة", "ar", {"66"}),
        ("2.50 and 007", "en", {"2.5", "7"}),
        ("resolution 2178 (2014)", "en", {"2178", "2014"}),
        ("no one of the two, a third", "en", set()),
        ("l'un des deux premiers", "fr", set()),
        ("sixty-six", "ar", set()),
        ("", "en", set()),
        ("sixty-six \ud83d", "en", {"66"}),
    ],
)
def test_the_values_of_numbers(text: str, language: str, values: set[str]) -> None:
    assert figures(text, language) == values


@given(st.text(max_size=200), st.sampled_from(["en", "fr", "ar", "", "xx"]))
def test_any_text_has_figures_of_digits(text: str, language: str) -> None:
    for value in figures(text, language):
        assert value
        assert set(value) <= set("0123456789.")


@given(st.integers(0, 10**9), st.sampled_from(["en", "fr"]))
def test_separators_change_no_value(number: int, language: str) -> None:
    assert figures(f"{number}", language) == figures(f"{number:,}", language) == {str(number)}
