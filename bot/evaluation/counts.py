"""What one outcome adds to each share of a run: so many hits of so many.

It adds nothing up: `bot.evaluation.measures` does.
"""

from collections.abc import Callable, Sequence

from bot.evaluation.metrics import told
from bot.evaluation.outcomes import Outcome
from bot.evaluation.ranking import ndcg, recall, reciprocal_rank
from bot.evaluation.sets.questions import Question
from bot.evaluation.spans import exact, overlap

Counts = tuple[float, float]
"""Hits, and of how many; no share at all where the second is 0."""
NOTHING: Counts = (0, 0)


def counts(outcome: Outcome) -> dict[str, Counts]:
    """By the name of the measure, what the outcome adds to it; measures to which it adds nothing are left out."""
    added = {name: count(outcome) for name, count in COUNTED.items()}
    return {name: (hits, total) for name, (hits, total) in added.items() if total}


def _one(is_hit: bool) -> Counts:
    return int(is_hit), 1


def _accuracy(outcome: Outcome) -> Counts:
    question = outcome.question
    return _one(outcome.right is True) if question.answerable and question.facts else NOTHING


def _facts_found(outcome: Outcome) -> Counts:
    """A decline tells no fact, whatever words it is made of."""
    question = outcome.question
    if not question.answerable:
        return NOTHING
    given = outcome.answer is not None and not outcome.declined
    return len(question.facts) - len(outcome.missing) if given else 0, len(question.facts)


def _declines(outcome: Outcome) -> Counts:
    return NOTHING if outcome.question.answerable else _one(outcome.declined)


def _decline_precision(outcome: Outcome) -> Counts:
    return _one(not outcome.question.answerable) if outcome.declined else NOTHING


def _false_declines(outcome: Outcome) -> Counts:
    return _one(outcome.declined) if outcome.question.answerable else NOTHING


def _follow_up_accuracy(outcome: Outcome) -> Counts:
    """Of the questions that others go before, the unanswerable ones too."""
    return _one(outcome.right) if outcome.question.history and outcome.right is not None else NOTHING


def _failed(outcome: Outcome) -> Counts:
    return _one(outcome.error is not None)


def _quotes_verbatim(outcome: Outcome) -> Counts:
    return outcome.verbatim, outcome.quotes


def _words_per_fact(outcome: Outcome) -> Counts:
    """Words quoted, for each fact that the answer tells."""
    told_of = _facts_found(outcome)[0]
    return (sum(len(quote.split()) for quote in _quotes(outcome)), told_of) if told_of else NOTHING


def _right_release(outcome: Outcome) -> Counts:
    return _one(outcome.cites_right_release) if _names_releases(outcome) else NOTHING


def _citation_precision(outcome: Outcome) -> Counts:
    """Of the citations, those of a release that is expected; of answers to questions that name any."""
    if not _names_releases(outcome) or outcome.answer is None:
        return NOTHING
    cited = [citation.release_id for citation in outcome.answer.citations]
    return sum(release in outcome.question.releases for release in cited), len(cited)


def _citation_recall(outcome: Outcome) -> Counts:
    """Of the releases that are expected, those that are cited; of answers to questions that name any."""
    if not _names_releases(outcome) or outcome.answer is None:
        return NOTHING
    wanted = set(outcome.question.releases)
    return len(wanted & {citation.release_id for citation in outcome.answer.citations}), len(wanted)


def _names_releases(outcome: Outcome) -> bool:
    question = outcome.question
    answered = outcome.answer is not None and not outcome.declined
    return question.answerable and bool(question.releases) and answered


def _answer_language(outcome: Outcome) -> Counts:
    known = outcome.in_its_language
    return NOTHING if known is None else _one(known)


def _judge_agreement(outcome: Outcome) -> Counts:
    """Of the answers that a chat model judged, those that are as right to it as by their facts."""
    judged = outcome.judged_right
    return NOTHING if judged is None else _one(judged == outcome.right)


def _judge_failed(outcome: Outcome) -> Counts:
    """Of the answers that a chat model was to judge."""
    return _one(outcome.judgement.error is not None) if outcome.judgement else NOTHING


def _tokens(outcome: Outcome) -> Counts:
    usage = outcome.usage
    return (usage.tokens_in + usage.tokens_out, 1) if usage else NOTHING


def _cost(outcome: Outcome) -> Counts:
    usage = outcome.usage
    return NOTHING if usage is None or usage.cost is None else (usage.cost, 1)


def _of_ranking(measure: Callable[[Sequence[str], dict[str, float]], float]) -> Callable[[Outcome], Counts]:
    """The mean of `measure` over the ranked evidence's releases, each at its best rank, where both are known."""

    def count(outcome: Outcome) -> Counts:
        question = outcome.question
        if not question.answerable or not question.releases or not outcome.evidence:
            return NOTHING
        ranking = list(dict.fromkeys(evidence.release for evidence in outcome.evidence))
        return measure(ranking, dict.fromkeys(question.releases, 1.0)), 1

    return count


def _of_answers(measure: Callable[[str, Sequence[str]], float]) -> Callable[[Outcome], Counts]:
    """The mean of `measure` over questions that give the words of an answer; of a decline it is 0.

    The words that answer are those marked in the first quote, or the whole answer where none are.
    """

    def count(outcome: Outcome) -> Counts:
        wanted = gold_answers(outcome.question)
        if not outcome.question.answerable or not wanted:
            return NOTHING
        if outcome.answer is None or outcome.declined:
            return 0, 1
        first = _quotes(outcome)[:1]
        marked = [each.answer for each in outcome.evidence if [each.quote] == first and each.answer]
        return measure(marked[0] if marked else told(outcome.answer), wanted), 1

    return count


def _of_quotes(measure: Callable[[str, Sequence[str]], float]) -> Callable[[Outcome], Counts]:
    """The mean of `measure` over questions that give quotes: for each of those, of the shown one nearest to it."""

    def count(outcome: Outcome) -> Counts:
        wanted = outcome.question.quotes
        if not outcome.question.answerable or not wanted:
            return NOTHING
        shown = _quotes(outcome)
        nearest = [max((measure(quote, [each]) for quote in shown), default=0.0) for each in wanted]
        return sum(nearest) / len(wanted), 1

    return count


def gold_answers(question: Question) -> tuple[str, ...]:
    """The texts under the key `answers`, which imported sets keep: a list of texts, or SQuAD's or its mirrors' form."""
    given = (question.model_extra or {}).get("answers")
    if isinstance(given, dict):
        given = given.get("text")
    listed = given if isinstance(given, list | tuple) else [given]
    texts = [each.get("text") if isinstance(each, dict) else each for each in listed]
    return tuple(text for text in texts if isinstance(text, str) and text.strip())


def _quotes(outcome: Outcome) -> list[str]:
    answer = outcome.answer
    return [citation.quote for citation in answer.citations] if answer and not answer.declined else []


COUNTED: dict[str, Callable[[Outcome], Counts]] = {
    "accuracy": _accuracy,
    "facts_found": _facts_found,
    "declines": _declines,
    "decline_precision": _decline_precision,
    "false_declines": _false_declines,
    "follow_up_accuracy": _follow_up_accuracy,
    "quotes_verbatim": _quotes_verbatim,
    "words_per_fact": _words_per_fact,
    "right_release": _right_release,
    "citation_precision": _citation_precision,
    "citation_recall": _citation_recall,
    "release_recall_at_1": _of_ranking(lambda ranking, wanted: recall(ranking, wanted, 1)),
    "release_recall_at_5": _of_ranking(lambda ranking, wanted: recall(ranking, wanted, 5)),
    "release_ndcg_at_10": _of_ranking(lambda ranking, wanted: ndcg(ranking, wanted, 10)),
    "release_mrr": _of_ranking(reciprocal_rank),
    "answer_exact": _of_answers(exact),
    "answer_f1": _of_answers(overlap),
    "quote_exact": _of_quotes(exact),
    "quote_f1": _of_quotes(overlap),
    "answer_language": _answer_language,
    "failed": _failed,
    "judge_agreement": _judge_agreement,
    "judge_failed": _judge_failed,
    "tokens": _tokens,
    "cost": _cost,
}
