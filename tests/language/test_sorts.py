"""A city, a building or an address is told by a sentence that names one."""

import pytest

from bot.language.sorts import of_other_city, of_other_sort


@pytest.mark.parametrize(
    ("question", "sentence", "other"),
    [
        ("In which city will the fair be?", "The fair will be held along the Pacific coast on 3 May.", True),
        ("In which city will the fair be?", "The fair will be held in Peru.", True),
        ("In which city will the fair be?", "The fair will be held in Lima.", False),
        ("Which city hosts it?", "Lima, Peru, 3 May – The fair was opened today.", False),
        ("Which town is it in?", "The Cusco-based fair opened.", False),
        ("Quelle ville accueille la foire ?", "La foire aura lieu à Lyon.", False),
        ("Quelle ville accueille la foire ?", "La foire aura lieu en France.", True),
        ("Where will the fair be?", "The fair will be held in Peru.", False),
        ("In which hotel did they meet?", "They met in Lima.", True),
        ("In which hotel did they meet?", "They met at the Hotel Bolivar.", False),
        ("I need the building in Lima where they met.", "They met in Lima.", True),
        ("Dans quelle salle ?", "Ils se sont réunis au siège.", False),
        ("What is the street address of the hub?", "The hub is in Lima.", True),
        ("What is the street address of the hub?", "The hub is at 12 Long Street, Lima.", False),
    ],
)
def test_a_place_of_the_sort_is_named(question: str, sentence: str, other: bool) -> None:
    assert of_other_sort(question, sentence) is other


@pytest.mark.parametrize(
    ("question", "sentence", "other"),
    [
        ("When was the meeting in Cusco?", "The meeting was held in Lima on 3 May.", True),
        ("When was the meeting in Cusco?", "The Cusco meeting was prepared in Lima on 3 May.", False),
        ("When was the meeting in Cusco?", "The meeting was held on 3 May.", False),
        ("When was the meeting in Peru?", "The meeting was held in Lima on 3 May.", False),
        ("When was the meeting?", "The meeting was held in Lima on 3 May.", False),
    ],
)
def test_what_is_told_of_another_city_is_something_else(question: str, sentence: str, other: bool) -> None:
    assert of_other_city(question, sentence) is other
