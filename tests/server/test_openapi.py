"""The OpenAPI document and the server agree: whatever is sent, nothing fails and nothing is undocumented."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bot.domain import Answer, Citation, Closest, Usage
from bot.server import objects
from bot.server.problems import KINDS
from tests.server.serving import Serving

CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *("response_headers_conformance", "response_schema_conformance", "unsupported_method"),
    *("allow_header_conformance", "use_after_free", "ensure_resource_availability"),
)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("place", ["/api", "/v1"])
def test_whatever_is_sent_the_answer_is_documented_and_no_failure(
    own: Serving, tmp_path: Path, place: str
) -> None:
    program = Path(sys.executable).with_name("schemathesis")
    document = f"{own.address}{place}/openapi.json"
    options = ["--max-examples", "20", "--no-color", "--phases", "coverage,fuzzing,stateful", "--seed", "1"]
    ran = subprocess.run(
        [program, "run", document, *options, "--checks", ",".join(CHECKS), "--suppress-health-check", "all"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=800,
    )
    print(ran.stdout[-3000:])
    assert ran.returncode == 0


def test_every_kind_of_problem_is_documented_for_every_operation(own: Serving) -> None:
    document = httpx.get(f"{own.address}/api/openapi.json", trust_env=False).json()
    statuses = {str(kind.status) for kind in KINDS}
    operations = [each for path in document["paths"].values() for each in path.values()]
    assert len(operations) > 10
    for operation in operations:
        assert statuses <= set(operation["responses"])
        assert all(
            list(operation["responses"][status]["content"]) == ["application/problem+json"]
            for status in statuses
        )
    assert not {"HTTPValidationError", "ValidationError"} & set(document["components"]["schemas"])


def test_answers_are_described_as_they_are_sent() -> None:
    citation = Citation(1, "q", "r", "t", None, "en", "f", 0, 1, "0" * 64)
    sent = Answer(
        "a",
        "q",
        "q",
        "q [1]",
        False,
        "en",
        "reading",
        (citation,),
        closest=Closest("r", "t", None),
        usage=Usage(),
    ).to_json()
    described = objects.Answer.model_validate(sent)
    assert set(sent) == set(objects.Answer.model_fields)
    assert described.model_dump(mode="json") == sent
