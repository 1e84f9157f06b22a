"""How a report writes figures, stages and texts; it computes no figure."""

from bot.domain import Usage
from bot.evaluation.compare import Comparison
from bot.evaluation.measures import Measured
from bot.evaluation.outcomes import Outcome
from bot.evaluation.scores import Scores

TEXT_CHARACTERS = 2_000
"""Of a text at most; answers.jsonl holds all of it."""
NOT_TRACED = "not traced"
STAGES = {
    "not ingested": "Not in the index",
    "not retrieved": "In the index, but not found",
    "not read": "Found, but not read",
    "declined": "Read, but declined",
    "not chosen": "Read, but not chosen",
    "not written": "Chosen, but not written",
    "removed by the proof": "Written, but removed by the proof",
    "answered what nothing answers": "Answered, though nothing answers it",
    "failed": "Failed with an error",
    NOT_TRACED: "Lost at a stage that is not known",
}


def stage_words(stage: str) -> str:
    """A stage of loss for a reader who does not know the program."""
    return STAGES.get(stage, stage[:1].upper() + stage[1:])


def language_name(code: str) -> str:
    """The English name of a language; the code itself where it has none."""
    from babel import Locale

    return str(Locale("en").languages.get(code, code))


def summary(scores: Scores) -> str:
    """The run in two or three sentences."""
    main, sentences = scores.overall, []
    if main.accuracy.total:
        sentences.append(
            f"Of {_questions(main.accuracy.total)} that the releases answer, {main.accuracy.hits} "
            f"{_were(main.accuracy.hits)} answered right and {main.false_declines.hits} "
            f"{_were(main.false_declines.hits)} declined."
        )
    if main.declines.total:
        sentences.append(
            f"Of {_questions(main.declines.total)} that they do not answer, {main.declines.hits} "
            f"{_were(main.declines.hits)} declined."
        )
    if scores.quotes.total:
        hits, total = scores.quotes.hits, scores.quotes.total
        which = f"All quotes, {total:,} in number," if hits == total else f"{hits:,} of {total:,} quotes"
        sentences.append(f"{which} stand word for word in the releases.")
    return " ".join(sentences)


def _questions(number: int) -> str:
    return "1 question" if number == 1 else f"{number:,} questions"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def used(usage: Usage) -> str:
    """What a chat model was asked in all."""
    cost = "cost unknown" if usage.cost is None else f"{usage.cost:,.4f} US dollars"
    calls = "1 call" if usage.calls == 1 else f"{usage.calls:,} calls"
    return f"{calls}, {usage.tokens_in:,} tokens in, {usage.tokens_out:,} out, {cost}"


def probability(value: float) -> str:
    """A p-value."""
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"


def figure(measured: Measured, value: float | None = None) -> str:
    """The value, or another one, in the unit of the measure."""
    value = measured.value if value is None else value
    match measured.measure.unit:
        case "share":
            return f"{value:.1%}"
        case "seconds":
            return f"{value:.2f} s"
        case "index":
            return f"{value:.3f}"
        case _:
            return f"{value:,.4g}"


def interval(measured: Measured) -> str:
    """From where to where, in the unit of the measure; nothing where there is no interval."""
    if measured.spread is None:
        return ""
    low, high = (figure(measured, end) for end in measured.spread)
    return f"{low} to {high}"


def count(measured: Measured) -> str:
    """Of how many it is."""
    if measured.measure.unit == "share" and measured.hits is not None:
        return f"{measured.hits:g} of {measured.total:g}"
    return _questions(measured.questions)


def difference(measured: Measured, comparison: Comparison) -> str:
    """How far the measure moved from the baseline, over the questions of both; nothing where it did not."""
    found = comparison.differences.get(measured.measure.name)
    if found is None or found.after == found.before:
        return ""
    moved = found.after - found.before
    written = f"{moved * 100:+.1f} points" if measured.measure.unit == "share" else f"{moved:+.3g}"
    sure = "beyond the noise" if found.beyond_noise else "within the noise"
    return f"{written.replace('-', '−')}, {'better' if found.better else 'worse'}, {sure}"


def clipped(text: str, characters: int = TEXT_CHARACTERS) -> str:
    """The text, or its beginning where it is long."""
    if len(text) <= characters:
        return text
    return f"{text[:characters]}… ({len(text) - characters:,} more characters)"


def facts(outcome: Outcome) -> list[tuple[str, bool]]:
    """Each fact expected, its accepted forms in one line, and whether the answer tells it."""
    given = outcome.answer is not None and not outcome.declined
    return [(" or ".join(group), given and group not in outcome.missing) for group in outcome.question.facts]


def verdicts(outcome: Outcome) -> list[tuple[str, bool]]:
    """Each fact expected, its accepted forms in one line, and whether the chat model finds it stated."""
    stated = outcome.judgement.stated if outcome.judgement else ()
    return [(" or ".join(group), said) for group, said in zip(outcome.question.facts, stated, strict=False)]


def marked(quote: str, words: str | None) -> tuple[str, str, str]:
    """The quote before, at and after the words of it that answer."""
    before, at, after = quote.partition(words) if words else (quote, "", "")
    return before, at, after
