"""Planted faults caught by the proof, true sentences that it removes, and what one proof costs.

    python tests/benchmarks/proof.py BENCH/squad2_dev BENCH/piaf_fr BENCH/xquad_en BENCH/xquad_es

Cases are made by rules (`faults.py`) from the questions of the folders, those of `xquad_en` also over the
parallel folders, and from the releases in `--corpus`. The weights of `bot/proof/support.py` are fitted on half of the
articles; the figures are of the other half, by the weights that the product has. Prints one JSON object.
"""

import argparse
import hashlib
import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from langchain_core.messages import BaseMessage
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.e5 import EmbeddedE5
from bot.proof import support
from bot.proof.prove import Prover
from bot.select import Selection
from bot.settings import load
from bot.writing import write
from tests.benchmarks.bench import SEED, told
from tests.benchmarks.faults import HARD, KINDS, TRUE, Case, cases, sample
from tests.benchmarks.metrics import auroc
from tests.fakes import FakeChatModel

CURVE = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
REMOVED = 0.04
"""The share of true sentences that support may remove; the rules remove some besides."""
WEIGHT = {TRUE: 1.0, "unanswerable": 0.3, "swapped": 0.2, "half true": 0.0}
"""What a case counts in the fit; the hard ones less, else they would cost true sentences."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """A case, whether the rules remove it, and for one that they keep what supports it."""

    case: Case
    removed: bool
    features: tuple[float, ...]
    probability: float
    seconds: float

    def is_shown(self, minimum: float) -> bool:
        return not self.removed and self.probability >= minimum


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--corpus", type=Path, default=Path(__file__).resolve().parents[2] / "corpus")
    parser.add_argument(
        "--count", type=int, default=100, help="cases of each kind, in each half of the articles"
    )
    options = parser.parse_args()
    made = cases(options.folders, options.corpus, SEED)
    models = load().data_dir / "models"
    models.mkdir(parents=True, exist_ok=True)
    embeddings = EmbeddedE5(models)
    fitted, measured = (
        judge(sample([case for case in made if _fits(case.article) == half], options.count, SEED), embeddings)
        for half in (True, False)
    )
    weights = logistic(fitted)
    own = support.MINIMUM_SUPPORT
    report = {
        "weights": dict(zip(support.FEATURES, weights.round(3).tolist(), strict=True)),
        "minimum": round(threshold(fitted, weights), 3),
        "measured": {
            "planted": sum(judged.case.kind in KINDS for judged in measured),
            "caught": caught(measured, KINDS, own),
            "true": sum(judged.case.kind == TRUE for judged in measured),
            "removed": caught(measured, (TRUE,), own),
        },
        "by kind": {kind: caught(measured, (kind,), own) for kind in (*KINDS, *HARD)},
        "by the rules alone": {kind: caught(measured, (kind,), 0.0) for kind in (*KINDS, *HARD, TRUE)},
        "by source": {
            source: {
                "caught": caught([each for each in measured if each.case.source == source], KINDS, own),
                "removed": caught([each for each in measured if each.case.source == source], (TRUE,), own),
            }
            for source in dict.fromkeys(judged.case.source for judged in measured)
        },
        "auroc of support, after the rules": {kind: _separated(measured, kind) for kind in (*KINDS, *HARD)},
        "curve": [
            {
                "minimum": minimum,
                "caught": caught(measured, KINDS, minimum),
                "removed": caught(measured, (TRUE,), minimum),
            }
            for minimum in sorted({*CURVE, own})
        ],
        "milliseconds of a proof": _milliseconds([judged.seconds for judged in measured]),
        "milliseconds from the last token of a sentence to its display": _milliseconds(
            displayed([judged.case for judged in measured if judged.case.kind == TRUE], embeddings)
        ),
    }
    print(json.dumps(report, indent=1, ensure_ascii=False))


def judge(chosen: Sequence[Case], embeddings: EmbeddedE5) -> list[Judged]:
    """What the proof says of each case, each time as if it met the quote for the first time."""
    Prover(embeddings).prove("The network is loaded.", "en", [chosen[0].evidence])
    tell = told("proof", "sentences proven")
    judged = []
    for number, case in enumerate(chosen):
        tell(number, len(chosen))
        prover = Prover(embeddings)
        started = time.perf_counter()
        prover.prove(case.claim, case.language, [case.evidence])
        seconds = time.perf_counter() - started
        verdict = prover.by_rules(case.claim, case.language, [case.evidence])
        cited = verdict.evidence or [case.evidence]
        features = prover.features(case.claim, case.language, cited)
        probability = prover.support(case.claim, case.language, cited)
        judged.append(Judged(case, verdict.fault is not None, features, probability, seconds))
    return judged


class Streaming(FakeChatModel):
    """Writes its reply word by word; `sent` is when the last word of its first sentence went out."""

    sent: float = 0.0

    def _pieces(self, messages: list[BaseMessage]) -> Iterator[str]:  # type: ignore[override]
        for word in super()._pieces(messages):
            if word.strip().endswith("[1]."):
                self.sent = time.perf_counter()
            yield word


def displayed(chosen: Sequence[Case], embeddings: EmbeddedE5) -> list[float]:
    """Seconds that each sentence waited, of those that are shown, where a chat model streams it and goes on at once."""
    found = []
    for case in chosen:
        model = Streaming(replies=[f"{case.claim.rstrip('.')} [1]. {case.claim}"])
        evidence = Selection((case.evidence,))
        prover = Prover(embeddings)
        with closing(write("", case.language, evidence, model, prover, date.today())) as shown:
            if next(shown, "").endswith("[1]."):
                found.append(time.perf_counter() - model.sent)
    return found


def caught(judged: Sequence[Judged], kinds: Sequence[str], minimum: float) -> float | None:
    """The share of the cases of these kinds that are not shown."""
    own = [each for each in judged if each.case.kind in kinds]
    return round(sum(not each.is_shown(minimum) for each in own) / len(own), 4) if own else None


def logistic(judged: Sequence[Judged], steps: int = 60, ridge: float = 1e-2) -> Floats:
    """Weights (features,) of the probability that a case the rules keep is true, by Newton's method."""
    kept = [each for each in judged if not each.removed]
    rows = np.array([each.features for each in kept])
    true = np.array([float(each.case.kind == TRUE) for each in kept])
    counted = np.array([WEIGHT.get(each.case.kind, 1.0) for each in kept])
    weights = np.zeros(rows.shape[1])
    for _ in range(steps):
        probability = 1 / (1 + np.exp(-rows @ weights))
        curvature = counted * probability * (1 - probability)
        hessian = (rows.T * curvature) @ rows + ridge * np.eye(len(weights))
        weights += np.linalg.solve(hessian, rows.T @ (counted * (true - probability)) - ridge * weights)
    return weights


def threshold(judged: Sequence[Judged], weights: Floats) -> float:
    """The probability below which as many true sentences fall as support may remove."""
    rows = np.array([each.features for each in judged if each.case.kind == TRUE and not each.removed])
    return float(np.quantile(1 / (1 + np.exp(-rows @ weights)), REMOVED))


def _separated(judged: Sequence[Judged], kind: str) -> float | None:
    kept = [each for each in judged if not each.removed and each.case.kind in (kind, TRUE)]
    is_true = np.array([each.case.kind == TRUE for each in kept])
    if is_true.all():
        return None
    return round(auroc(np.array([each.probability for each in kept]), is_true), 3)


def _milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    return {
        "median": round(1000 * statistics.median(seconds), 1),
        "p95": round(1000 * float(np.quantile(seconds, 0.95)), 1),
    }


def _fits(article: str) -> bool:
    """Whether an article's cases are fitted, by its name: the same article of two sets falls into one half."""
    return hashlib.sha256(f"proof {article.casefold()}".encode()).digest()[0] % 2 == 0


if __name__ == "__main__":
    main()
