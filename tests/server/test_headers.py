"""The safety headers stand on every answer of every route: pages, files, the API, health, metrics, errors."""

import httpx
import pytest

from tests.server.conftest import BASE, WIKI
from tests.server.serving import Serving

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
PROGRAM = "default-src 'none'; frame-ancestors 'none'"
OF_PAGES = (
    *("/", "/?embed=true", "/evaluation", "/no/such/page", "/index.html", "/manifest.json", "/releases/none"),
)
OF_STREAMLIT = (
    *("/_stcore/health", "/_stcore/host-config", "/_stcore/none", "/media/none", "/component/none"),
    *("/static/none.js", "/app/static/none", "/../../etc/passwd", "/%00"),
)
OF_PROGRAMS = (
    *("/healthz", "/readyz", "/metrics", "/api", "/api/none", "/api/openapi.json", "/v1", "/v1/none"),
    *("/v1/openapi.json", "/mcp"),
)
METHODS = ("GET", "HEAD", "POST", "DELETE", "OPTIONS", "PROPFIND")


def documented(server: Serving) -> list[str]:
    """Every address of both documents, with something in the place of each parameter."""
    found = []
    for prefix in ("/api", "/v1"):
        document = httpx.get(f"{server.address}{prefix}/openapi.json", trust_env=False).json()
        found += [f"{prefix}{path}".replace("{", "").replace("}", "") for path in document["paths"]]
    return found


def assert_safe(response: httpx.Response, *, is_program: bool, embeddable: bool = False) -> None:
    where = f"{response.request.method} {response.request.url}: {response.status_code} {response.headers}"
    for name, value in ALWAYS.items():
        assert response.headers.get_list(name) == [value], where
    assert "camera=()" in response.headers["permissions-policy"], where
    assert len(response.headers["x-request-id"]) == 16, where
    (policy,) = response.headers.get_list("content-security-policy")
    if is_program:
        assert policy == PROGRAM, where
        assert response.headers["cache-control"] == "no-store", where
    else:
        directives = dict(each.split(" ", 1) for each in policy.split("; "))
        assert directives["default-src"] == "'none'", where
        assert "unsafe" not in directives.get("script-src", ""), where
        assert directives["frame-ancestors"] == ("'self' " + WIKI if embeddable else "'self'"), where
        assert response.headers.get("x-frame-options") == (None if embeddable else "SAMEORIGIN"), where
    assert "server" not in response.headers, where


@pytest.mark.parametrize("method", METHODS)
def test_every_route_has_them_whatever_the_method(own: Serving, method: str) -> None:
    with httpx.Client(base_url=own.address, trust_env=False, timeout=60) as client:
        for path in (*OF_PAGES, *OF_STREAMLIT):
            assert_safe(client.request(method, path), is_program=False)
        addresses = documented(own)
        assert len(addresses) > 12
        for path in (*OF_PROGRAMS, *addresses):
            assert_safe(client.request(method, path), is_program=True)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"X-Forwarded-For": "192.0.2.9", "Content-Type": "application/json"}, 401),
        ({"Content-Type": "text/plain"}, 415),
    ],
)
def test_a_refusal_has_them(own: Serving, headers: dict[str, str], status: int) -> None:
    response = httpx.post(
        f"{own.address}/api/v1/ask", headers=headers, content='{"question": "who?"}', trust_env=False
    )
    assert response.status_code == status
    assert_safe(response, is_program=True)


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/v1/releases", "/v1/models", "/none"])
def test_a_browser_is_held_to_https_only_where_it_came_by_https(shared: Serving, path: str) -> None:
    for scheme in ("http", "https"):
        headers = {"X-Forwarded-Proto": scheme, "X-Forwarded-For": "192.0.2.9", "Host": "chat.example.org"}
        response = httpx.get(f"{shared.address}{path}", headers=headers, trust_env=False)
        assert_safe(response, is_program=path.startswith(("/h", "/a", "/v")), embeddable=True)
        assert response.headers.get("strict-transport-security") == (
            "max-age=31536000" if scheme == "https" else None
        )


def test_outside_of_its_path_they_stand_too(shared: Serving) -> None:
    address = shared.address.removesuffix(BASE)
    assert_safe(httpx.get(f"{address}/elsewhere", trust_env=False), is_program=False, embeddable=True)


def test_nobody_who_is_not_a_proxy_can_claim_https(own: Serving) -> None:
    response = httpx.get(f"{own.address}/healthz", headers={"X-Forwarded-Proto": "https"}, trust_env=False)
    assert "strict-transport-security" not in response.headers
