"""When the releases were published, as bars by day, month or year and by language.

It computes the bars and their chart; colours suit a light and a dark page alike.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Literal

from bot.catalog import Summary
from bot.web.corpus.wording import CorpusWording
from bot.web.wording import language_name

if TYPE_CHECKING:
    import altair as alt

HEIGHT = 170
"""Of the chart, in pixels."""
COLOURS = ("#3f8ad6", "#e0913a", "#4aa57a", "#b278c9", "#c9605b", "#8a99a8")
"""By language, the most frequent first; the last is for all others."""
DAYS_AS_DAYS = 62
YEARS_AS_MONTHS = 12

Step = Literal["day", "month", "year"]
_SKELETONS: dict[Step, str] = {"day": "yMMMMd", "month": "yMMMM", "year": "y"}
_AXES: dict[Step, str] = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


@dataclass(frozen=True, slots=True)
class Bar:
    """So many releases of one language from the day `first` until before the day `end`."""

    first: date
    end: date
    language: str
    count: int


def bars_of(releases: Sequence[Summary]) -> tuple[Bar, ...]:
    """The bars, in order; none where no release has a day."""
    dated = [(release.date, release.language) for release in releases if release.date]
    if not dated:
        return ()
    step = _step(min(dated)[0], max(dated)[0])
    counts = Counter((_beginning(day, step), language) for day, language in dated)
    return tuple(
        Bar(first, _after(first, step), language, count)
        for (first, language), count in sorted(counts.items())
    )


def chart(bars: Sequence[Bar], words: CorpusWording) -> "alt.Chart":
    """The bars over time, stacked by language."""
    import altair as alt

    # Altair looks for pandas among the loaded modules, and breaks where another session's table is just loading it.
    import_module("pandas")
    named = _names(bars, words)
    step = _step(bars[0].first, bars[-1].end - timedelta(days=1))
    rows = [
        {
            "first": each.first.isoformat(),
            "end": each.end.isoformat(),
            "when": when(each.first, step, words),
            "language": named[each.language],
            "count": each.count,
        }
        for each in bars
    ]
    languages = list(dict.fromkeys(named.values()))
    colours = [*COLOURS[: len(languages) - 1], COLOURS[-1]] if len(languages) == len(COLOURS) else COLOURS
    # Days without an hour are taken for those of Greenwich, so they are shown as such everywhere.
    time = alt.Scale(type="utc", padding=6)
    axis = alt.Axis(format=_AXES[step], labelOverlap=True, grid=False, tickCount=8)
    drawn: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(binSpacing=1, minBandSize=3)
        .encode(
            x=alt.X("first:T", title=None, scale=time, axis=axis),
            x2="end:T",
            y=alt.Y("sum(count):Q", title=None, axis=alt.Axis(tickMinStep=1, tickCount=4)),
            color=alt.Color(
                "language:N",
                sort=languages,
                scale=alt.Scale(domain=languages, range=list(colours[: len(languages)])),
                legend=alt.Legend(title=None, orient="top") if len(languages) > 1 else None,
            ),
            tooltip=[
                alt.Tooltip("when:N", title=words.date),
                alt.Tooltip("language:N", title=words.languages),
                alt.Tooltip("sum(count):Q", title=words.releases),
            ],
        )
        .properties(height=HEIGHT, padding={"left": 0, "top": 4, "right": 8, "bottom": 6})
    )
    return drawn


def told(bars: Sequence[Bar], words: CorpusWording) -> str:
    """The chart in one sentence, for those who hear the page."""
    step = _step(bars[0].first, bars[-1].end - timedelta(days=1))
    counts: Counter[date] = Counter()
    for each in bars:
        counts[each.first] += each.count
    (most, _), *_ = counts.most_common(1)
    return words.timeline_told.format(
        count=words.count(sum(each.count for each in bars)),
        first=when(bars[0].first, step, words),
        last=when(bars[-1].first, step, words),
        most=when(most, step, words),
    )


def when(day: date, step: Step, words: CorpusWording) -> str:
    """`June 2023`, `juin 2023`, or as exact as the step is."""
    from babel.dates import format_skeleton

    return str(format_skeleton(_SKELETONS[step], day, locale=words.language))


def _names(bars: Sequence[Bar], words: CorpusWording) -> dict[str, str]:
    """What each language is called in the chart, the most frequent first; rare ones share a name."""
    counts: Counter[str] = Counter()
    for each in bars:
        counts[each.language] += each.count
    frequent = [code for code, _ in counts.most_common()]
    kept = frequent if len(frequent) <= len(COLOURS) else frequent[: len(COLOURS) - 1]
    return {
        code: language_name(code, words.language) if code in kept else words.other_languages
        for code in frequent
    }


def _step(first: date, last: date) -> Step:
    if (last - first).days <= DAYS_AS_DAYS:
        return "day"
    return "month" if last.year - first.year <= YEARS_AS_MONTHS else "year"


def _beginning(day: date, step: Step) -> date:
    return day if step == "day" else day.replace(day=1) if step == "month" else day.replace(month=1, day=1)


def _after(first: date, step: Step) -> date:
    """The first day of the next step; the last of all days has none after it."""
    if first.year == date.max.year:
        return date.max
    if step == "day":
        return first + timedelta(days=1)
    month = first.month % 12 + 1 if step == "month" else 1
    return date(first.year + (step == "year" or month == 1), month, 1)
