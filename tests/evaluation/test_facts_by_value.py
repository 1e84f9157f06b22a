"""Numbers and dates that are expected are found by what they are worth, however they are written."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.metrics import facts_found
from bot.facts.days import MONTHS, Day
from bot.facts.words import values

FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("66", "sixty-six Member States"),
        ("66", "Sixty\u2011Six Member States"),
        ("66", "soixante-six États membres"),
        ("sixty-six", "66 Member States"),
        ("soixante-six", "It assists 66 Member States."),
        ("66 Member States", "It assists sixty-six Member States."),
        ("66", "The Office said: « Le programme assiste soixante-six États »."),
        ("66", "٦٦ دولة عضوا"),
        ("66", "66 Member States"),
        ("66", "66¹ Member States"),
        ("15", "Quinze pays y participent."),
        ("3", "It has three parts."),
        ("206", "two hundred and six experts"),
        ("2.5 million", "2,500,000 dollars"),
        ("2.5 million", "US$ 2.5 million"),
        ("2,500,000", "2.5 million dollars"),
        ("2.5 million", "2,5 millions de dollars"),
        ("2.5 million", "2 500 000 dollars"),
        ("$2.5 million", "It gave US$2,500,000."),
        ("3 billion", "3 milliards d'euros"),
        ("two million", "2,000,000 people"),
        ("2.50", "2.5 points"),
        ("2.5", "2½ years"),
        ("0.5", "½ of it"),
        ("5%", "5 per cent of travellers"),
        ("5 percent", "5 % des voyageurs"),
        ("5%", "cinq pour cent des voyageurs"),
        ("21st century", "in the twenty-first century"),
        ("21st", "le 21e siècle"),
        ("23 June 2023", "le 23 juin 2023"),
        ("23 June 2023", "on June 23, 2023, in Djibouti"),
        ("23 June 2023", "on June 23rd, 2023"),
        ("23 June 2023", "the 23rd of June 2023"),
        ("23 June 2023", "the twenty-third of June, 2023"),
        ("23 June 2023", "Friday, 23 Jun. 2023"),
        ("23 June 2023", "(2023-06-23)"),
        ("23 June 2023", "le 23/06/2023"),
        ("23 June 2023", "06/23/2023"),
        ("23 June 2023", "23.06.2023"),
        ("23 June 2023", "el 23 de junio de 2023"),
        ("23 June 2023", "23 июня 2023 года"),
        ("23 June 2023", "2023年6月23日"),
        ("23 June 2023", "٢٣ يونيو ٢٠٢٣"),
        ("2023-06-23", "le 23 juin 2023"),
        ("le 23 juin 2023", "le 2023-06-23"),
        ("1 January 2020", "le 1er janvier 2020"),
        ("23 June", "le 23 juin 2023"),
        ("June 2023", "on 23 June 2023"),
        ("juin 2023", "in June 2023"),
        ("June", "le 23 juin 2023"),
        ("2023", "on 23 June 2023"),
        ("23", "on 23 June 2023"),
        ("19-20 November 2024", "du 19 au 20 novembre 2024"),
        ("19-20 November 2024", "from November 19 to 20, 2024"),
        ("20 November 2024", "on 19 and 20 November 2024"),
        ("19 November", "on 19\u201320 November 2024"),
        ("in Djibouti on 23 June 2023", "It was signed in Djibouti on June 23, 2023."),
        ("1 May 2020", "on May 1, 2020"),
    ],
)
def test_a_value_is_found_however_it_is_written(fact: str, text: str) -> None:
    assert facts_found([[fact]], text) == (True,)


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("6", "66 Member States"),
        ("6", "sixty-six Member States"),
        ("six", "sixty-six Member States"),
        ("six", "soixante-six États"),
        ("6", "the 66th session"),
        ("60", "sixty-six"),
        ("66", "6.6 or 666 or 66.6"),
        ("66", "60 and 6"),
        ("6", "6.5 million"),
        ("5", "2.5 points"),
        ("2.5", "2.5 million"),
        ("2.5 million", "2.5 billion"),
        ("2.5 million", "2,500 dollars"),
        ("1", "no one of the two"),
        ("16", "They seize the assets of traffickers."),
        ("100", "It costs 50 cents."),
        ("100", "five per cent"),
        ("66 Member States", "sixty-six of the Member States"),
        ("21", "the twenty-first century"),
        ("23 June 2023", "23 July 2023"),
        ("23 June 2023", "23 June 2022"),
        ("23 June 2023", "June 2023"),
        ("23 June 2023", "23 June"),
        ("3 June 2023", "23 June 2023"),
        ("6 July 2023", "signed on 06/07/2023 or 07/06/2023"),
        ("2023", "2023rd"),
        ("23 June 2023", ""),
        ("31 July", "May 2031"),
    ],
)
def test_another_value_is_not_found(fact: str, text: str) -> None:
    assert facts_found([[fact]], text) == (False,)


def test_the_language_of_the_text_may_be_given() -> None:
    assert facts_found([["16"]], "Seize", "fr") == (True,)
    assert facts_found([["16"]], "Seize", "en") == (False,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("19–20 November 2024", (Day(2024, 11, 19), Day(2024, 11, 20))),
        ("in May", ("in", "may")),
        ("it may 23 times", ("it", Day(None, 5, 23), "times")),
        ("2019, 200 and 2020", ("2019", "200", "and", "2020")),
        ("2023-13-40", ("2023", "13", "40")),
        ("no. 5 of 12 June", ("no", "5", "of", Day(None, 6, 12))),
        ("...", ()),
    ],
)
def test_the_words_of_a_text(text: str, expected: tuple[str | Day, ...]) -> None:
    assert values(text, "en") == expected


@given(st.dates(date(1700, 1, 1), date(2199, 12, 31)))
def test_any_day_is_found_in_every_form_and_the_next_day_in_none(day: date) -> None:
    english, french = MONTHS[day.month - 1].title(), FRENCH[day.month - 1]
    forms = [
        f"{day.day} {english} {day.year}",
        f"{english} {day.day}, {day.year}",
        f"le {day.day} {french} {day.year}",
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
    ]
    following = day + timedelta(days=1)
    for fact in forms[:2] + forms[3:]:
        for text in forms:
            assert facts_found([[fact]], f"On {text}.") == (True,), (fact, text)
    assert facts_found([[following.isoformat()]], " ; ".join(forms)) == (False,)


@given(st.integers(4, 999_999), st.sampled_from(["en", "fr"]))
def test_any_number_is_found_with_and_without_separators_but_not_its_neighbour(
    number: int, language: str
) -> None:
    for text in (f"{number}", f"{number:,}", f"{number:,}".replace(",", "\u202f"), f"{number}.0"):
        assert facts_found([[str(number)]], f"some {text} people", language) == (True,), text
        assert facts_found([[str(number + 1)]], f"some {text} people", language) == (False,), text


@given(st.text(max_size=100), st.text(max_size=200))
def test_any_fact_and_any_text_can_be_compared(fact: str, text: str) -> None:
    assert facts_found([[fact]], text) in ((True,), (False,))


def test_a_long_text_of_numbers_and_months_takes_no_time_beyond_its_length() -> None:
    seconds = []
    for copies in (1000, 4000):
        text = "1 and 2 of the June to sixty-six million May 3, 2,500,000 and twelve. " * copies
        started = time.process_time()
        assert facts_found([["77", "3 May 2020"]], text) == (False,)
        seconds.append(time.process_time() - started)
    assert seconds[1] < 12 * seconds[0]
