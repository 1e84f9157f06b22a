"""What can only come from this machine, and what betrays a proxy."""

import pytest

from bot.keys.own_machine import came_by_proxy, is_loopback


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("::ffff:127.0.0.1", True),
        ("10.0.0.1", False),
        ("x", False),
    ],
)
def test_only_this_machine_is_loopback(address: str, loopback: bool) -> None:
    assert is_loopback(address) is loopback


@pytest.mark.parametrize(
    ("headers", "proxied"),
    [({"Host", "Accept"}, False), ({"Host", "X-Forwarded-For"}, True), ({"via"}, True), (set(), False)],
)
def test_what_proxies_add_betrays_one(headers: set[str], proxied: bool) -> None:
    assert came_by_proxy(headers) is proxied
