"""A bot over one release that answers from a script, for the tests of the team's pages."""

import threading
from collections.abc import Sequence
from pathlib import Path

from bot.catalog import FILE, Catalog, Entry, Stamp
from bot.chain import Account, Bot
from bot.domain import Answer, Citation, Evidence, Passage, Release, Turn
from bot.errors import ChatModelError
from bot.lookup import Lookup
from bot.retrieve import Found
from bot.select import Selection
from bot.settings import Settings

TEXT = "The programme was launched in 2019.\n\nIt is funded by Japan and Hungary. It assists 66 countries."
RELEASE = Release("djibouti", "/corpus", "d.txt", "r1", TEXT, "Funding <b>of</b> the programme", "en")
FUNDED = "It is funded by Japan and Hungary."
ASSISTED = "It assists 66 countries."
DECLINED = "The releases do not answer this question."


class ScriptedBot(Bot):
    """Quotes the sentence that `replies` gives for a question, and declines the others.

    While `gate` is closed it answers nothing, and `waits` once a question has come; one that says "fail" raises.
    """

    catalog: Catalog = None  # type: ignore[assignment]
    mode = "reading"

    def __init__(self, data_dir: Path, **replies: str) -> None:
        self.settings = Settings(data_dir=data_dir)
        data_dir.mkdir(parents=True, exist_ok=True)
        self.catalog = Catalog.open(data_dir / FILE, create=True)
        if not self.catalog.releases():
            self.catalog.apply([Entry(RELEASE, "mark", ())], [], stamp=Stamp("model", "1"), collection="c")
        self.replies = replies
        self.gate = threading.Event()
        self.gate.set()
        self.waits = threading.Event()
        self.asked: list[str] = []

    def close(self) -> None:
        self.catalog.close()

    def minimum_probability(self, language: str) -> float:
        return 0.2

    def account(self, question: str, turns: Sequence[Turn] = ()) -> Account:
        self.waits.set()
        assert self.gate.wait(60)
        self.asked.append(question)
        if "fail" in question:
            raise ChatModelError("The chat model <b>cannot</b> be called. Try again.")
        quote = self.replies.get(question.partition(" ")[0].lower())
        start = TEXT.index(quote) if quote else 0
        end = start + len(quote or "The programme")
        probability = 0.9 if quote else 0.1
        citation = Citation(
            1, TEXT[start:end], "djibouti", RELEASE.title, None, "en", "d.txt", start, end, "r1"
        )
        answer = Answer(
            "a1",
            question,
            question,
            f"{quote} [1]" if quote else DECLINED,
            not quote,
            "en",
            self.mode,
            (citation,) if quote else (),
            0.1,
            probability,
        )
        evidence = (Evidence(RELEASE, start, end, probability, (start, end)),)
        passage = Passage("p1", "djibouti", "r1", 1, 0, len(TEXT), TEXT, "en")
        lookup = Lookup(question, "en", [Found(passage, 0.5, 0.6)], 1, evidence)
        chosen = Selection(evidence if quote else ())
        return Account(answer, lookup, chosen, None, {"retrieve": 0.1, "read": 0.2})
