"""Prints how the server stands a hundred people at once, offline, as one JSON object.

    python tests/benchmarks/load.py [--people 100] [--seconds 300] [--saturation 30]

Each person has a key and a conversation, and asks every thirty seconds: the questions of tests/questions, follow-ups
after their history, each in up to eight wordings, of which the server takes two or three for the same question: what it
read for one before it remembers (`different` says how many there were). Half of the answers are streamed. After each
answer the person lists their conversations, which must be their own, and tries one of another, which must be missing.

`steady` says how long answers took, what failed, and the server's memory in megabytes, minute by minute. Then
`saturation`: twice as many people as the server has room for ask without a pause; it says how many answers a second
came, how long these took, and how many were told that the server is busy, and when to come again.
"""

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import gevent
from locust import HttpUser, constant, constant_pacing, task  # first of all: it replaces the sockets
from locust.env import Environment

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.keys import FILE, Keys
from bot.settings import Settings
from ingest.sync import sync_settings
from tests.benchmarks.thousand import ROOT, varied
from tests.server.serving import Serving, serving

PACE_SECONDS = 30.0
SEED = 20261128
SAMPLE_SECONDS = 5.0


class World:
    """What the people share: keys to take, questions to ask, and the conversations that there are."""

    def __init__(self, server: Serving, keys: list[str]) -> None:
        self.server = server
        self.keys = iter(keys)
        asked = [[*question.history, question.question] for question in varied(4000)]
        random.Random(SEED).shuffle(asked)
        self.visits = cycle(asked)
        self.conversations: list[str] = []
        self.wrong: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.different: set[str] = set()
        self.busy = 0


class Person(HttpUser):
    """Asks its questions in a conversation of its own, and sees nobody else's."""

    abstract = True
    world: World

    def on_start(self) -> None:
        self.client.headers["Authorization"] = f"Bearer {next(self.world.keys)}"
        self.client.trust_env = False
        made = self.client.post("/api/v1/conversations", json={})
        self.conversation = made.json()["id"]
        self.world.conversations.append(self.conversation)
        self.questions: list[str] = []
        self.streams = False

    @task
    def ask(self) -> None:
        self.questions = self.questions or list(next(self.world.visits))
        question, self.streams = self.questions.pop(0), not self.streams
        body = {"question": question, "conversation": self.conversation}
        accept = "text/event-stream" if self.streams else "application/json"
        started = time.monotonic()
        response = self.client.post("/api/v1/ask", json=body, headers={"Accept": accept})
        seconds = time.monotonic() - started
        if response.status_code == 503 and response.json()["type"].endswith(":busy"):
            self.world.busy += 1
            gevent.sleep(min(2.0, float(response.headers["Retry-After"])))
            return
        answer = _answer(response.text, self.streams) if response.status_code == 200 else {}
        if answer.get("question") != question:
            self.world.wrong[f"no answer: {response.status_code} {response.text[:200]}"] += 1
            return
        self.world.seconds.append(seconds)
        self.world.different.add(answer["standalone_question"])
        self._look_around()

    def _look_around(self) -> None:
        listed = self.client.get("/api/v1/conversations").json()["items"]
        if [each["id"] for each in listed] != [self.conversation]:
            self.world.wrong["saw another's conversation in the list"] += 1
        other = random.choice(self.world.conversations)
        status = self.client.get(f"/api/v1/conversations/{other}", name="another's").status_code
        if (status == 200) is not (other == self.conversation):
            self.world.wrong[f"another's conversation: {status}"] += 1


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=300, help="how long they ask")
    parser.add_argument("--saturation", type=float, default=30, metavar="SECONDS", help="0: not at all")
    options = parser.parse_args()
    figures: dict[str, Any] = {"processors": os.cpu_count(), "load_before": round(os.getloadavg()[0], 1)}
    with _served() as server:
        people = _keys(server, options.people)
        cpu = _cpu(server)
        figures["steady"] = _ask(World(server, people), options.people, PACE_SECONDS, options.seconds)
        figures["steady"]["cpu_seconds"] = round(_cpu(server) - cpu, 1)
        if options.saturation:
            crowd = 2 * (Settings().answers_at_once + Settings().questions_waiting)
            cpu = _cpu(server)
            figures["saturation"] = _ask(World(server, _keys(server, crowd)), crowd, 0, options.saturation)
            figures["saturation"]["cpu_seconds"] = round(_cpu(server) - cpu, 1)
    figures["load_after"] = round(os.getloadavg()[0], 1)
    print(json.dumps(figures))


@contextmanager
def _served() -> Iterator[Serving]:
    """A server over the project's own releases, with its settings as they are."""
    os.environ["PYTHONPATH"] = str(ROOT)
    with TemporaryDirectory() as folder:
        data, corpus = Path(folder), ROOT / "corpus"
        sync_settings(Settings(data_dir=data, corpus_dir=corpus))
        _keys_of(data).create("first", ["ask"])
        with serving(data, corpus) as server:
            yield server


def _keys_of(data: Path) -> Keys:
    return Keys(data / FILE)


def _keys(server: Serving, count: int) -> list[str]:
    store = _keys_of(server.folder)
    return [store.create(f"person {number}", ["ask"])[1] for number in range(count)]


def _ask(world: World, people: int, pace: float, seconds: float) -> dict[str, Any]:
    """What came of so many people asking for so long, each once in `pace` seconds."""

    class Asking(Person):
        host = world.server.address
        wait_time = constant_pacing(pace) if pace else constant(0)

    Asking.world = world
    environment = Environment(user_classes=[Asking])
    runner = environment.create_local_runner()
    runner.start(people, spawn_rate=people / pace if pace else people)
    memory = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        memory.append(_megabytes(world.server))
        gevent.sleep(min(SAMPLE_SECONDS, max(0.0, until - time.monotonic())))
    answered = len(world.seconds)
    runner.quit()
    took = sorted(world.seconds) or [float("nan")]
    by_minute = int(60 / SAMPLE_SECONDS)
    return {
        "people": people,
        "seconds": seconds,
        "answers": answered,
        "different": len(world.different),
        "answers_a_second": round(answered / seconds, 2),
        "median": round(median(took), 2),
        "p95": round(took[int(len(took) * 0.95)], 2),
        "slowest": round(took[-1], 2),
        "told_busy": world.busy,
        "wrong": dict(world.wrong),
        "megabytes": [round(max(memory[at : at + by_minute])) for at in range(0, len(memory), by_minute)],
    }


def _answer(text: str, streamed: bool) -> dict[str, Any]:
    """The answer object, also out of the events of a stream."""
    if streamed:
        text = text.partition("event: answer\ndata: ")[2].partition("\n")[0] or "{}"
    answer: dict[str, Any] = json.loads(text)
    return answer


def _megabytes(server: Serving) -> float:
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _cpu(server: Serving) -> float:
    """Seconds that the server has kept processors busy."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
