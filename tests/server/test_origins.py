"""Host names, origins and addresses are compared as browsers compare them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.server.origins import Rules, network_of
from bot.settings import Settings


def rules(host: str = "127.0.0.1", **settings: str) -> Rules:
    return Rules.of(Settings(**settings), host)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("localhost", True),
        ("LOCALHOST:8501", True),
        ("a.localhost", True),
        ("127.0.0.1:1", True),
        ("[::1]:8501", True),
        ("203.0.113.9", True),
        ("chat.example.org", True),
        ("chat.example.org.", True),
        ("deep.in.wild.example", True),
        ("wild.example", False),
        ("xchat.example.org", False),
        ("example.org", False),
        ("", False),
        ("localhost:x", False),
        ("localhost:99999", False),
        ("user@localhost", False),
        ("localhost/", False),
        ("localhost#", False),
        ("evil.example?localhost", False),
    ],
)
def test_a_server_knows_its_names(host: str, known: bool) -> None:
    assert rules(allowed_hosts="chat.example.org, *.wild.example").knows_host(host) is known


def test_the_name_it_listens_at_is_its_own() -> None:
    assert rules("office.example").knows_host("office.example:80")
    assert not rules("0.0.0.0").knows_host("office.example")


@given(st.text())
def test_no_text_makes_host_or_origin_rules_fail(text: str) -> None:
    checked = rules(allowed_origins="https://wiki.example.org", allowed_hosts="chat.example.org")
    assert checked.knows_host(text) in (True, False)
    assert checked.allows_origin(text) is (
        text.lower() in ("https://wiki.example.org", "https://wiki.example.org:443")
    )


@pytest.mark.parametrize(
    ("origin", "scheme", "host", "own"),
    [
        ("http://localhost:8501", "http", "localhost:8501", True),
        ("http://localhost:8501", "ws", "localhost:8501", True),
        ("https://chat.example.org", "wss", "chat.example.org:443", True),
        ("http://[::1]:8501", "http", "[::1]:8501", True),
        ("http://localhost", "http", "localhost:8501", False),
        ("https://localhost:8501", "http", "localhost:8501", False),
        ("null", "http", "localhost:8501", False),
        ("", "http", "", False),
        ("http://localhost:8501/", "http", "localhost:8501", False),
        ("http://a@localhost:8501", "http", "localhost:8501", False),
    ],
)
def test_an_origin_is_the_servers_own_only_with_scheme_name_and_port(
    origin: str, scheme: str, host: str, own: bool
) -> None:
    assert Rules.is_own(origin, scheme, host) is own


def test_a_server_behind_a_proxy_trusts_no_address_as_this_machine() -> None:
    assert rules().is_own_machine
    assert not rules(trusted_proxies="127.0.0.1").is_own_machine
    assert not rules("0.0.0.0").is_own_machine


def test_one_customer_of_ipv6_is_one_caller() -> None:
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    assert network_of("192.0.2.1") != network_of("192.0.2.2")
    assert network_of("unix") == "unix"
