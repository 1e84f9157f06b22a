"""What a problem is called, once it has been found to be one in form."""

import httpx

from bot.server import objects


def kind(response: httpx.Response) -> str:
    assert response.headers["content-type"] == "application/problem+json", response.text
    problem = objects.Problem.model_validate_json(response.content)
    assert problem.status == response.status_code
    assert problem.request_id == response.headers["x-request-id"]
    return problem.type.removeprefix("urn:communique:problem:")
