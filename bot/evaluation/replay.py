"""What a bot that declines nothing would have shown had it declined below each threshold.

It asks nothing: it chooses anew among the evidence that was weighed.
"""

from bot.chain import Account
from bot.evaluation.metrics import facts_found
from bot.evaluation.outcomes import outcome_of
from bot.evaluation.sets.questions import Question
from bot.evaluation.thresholds import THRESHOLDS, Trial
from bot.select import select
from bot.settings import READING


def trial(question: Question, account: Account) -> Trial:
    """What the account of a question, asked with nothing declined, says of each threshold.

    A higher threshold also leaves out further sentences that are less probable, and with them facts. The prose of a
    chat model is taken as it was written of all of them.
    """
    answer = account.answer
    right = outcome_of(question, answer, answer.seconds).right
    shown, rights = [], []
    for threshold in THRESHOLDS:
        chosen = select(account.lookup.question, account.lookup.evidence, threshold).evidence
        shown.append(bool(chosen) and not answer.declined)
        same = chosen == account.chosen.evidence or answer.mode != READING
        quotes = " ".join(item.quote for item in chosen)
        rights.append(right is True if same else right is True and all(facts_found(question.facts, quotes)))
    return Trial(answer.language, question.answerable, tuple(shown), None if right is None else tuple(rights))
