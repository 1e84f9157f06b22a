"""The guard that keeps the tests on this machine does so, in this process and in those it starts."""

import socket
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.offline.loopback_only import is_local, refused

ELSEWHERE = "192.0.2.1"  # an address reserved for documentation (RFC 5737)


def test_a_connection_to_another_machine_is_refused_and_recorded() -> None:
    with socket.socket() as connection, pytest.raises(OSError, match="no network"):
        connection.connect((ELSEWHERE, 9))
    assert refused == [f"socket.connect {ELSEWHERE}"]
    refused.clear()


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(OSError, match="no network"):
        socket.getaddrinfo("somewhere.invalid", 443)
    assert refused == ["socket.getaddrinfo somewhere.invalid"]
    refused.clear()


def test_this_machine_is_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(("localhost", server.getsockname()[1])) as connection,
    ):
        connection.sendall(b"hello")
        accepted, _ = server.accept()
        with accepted:
            assert accepted.recv(5) == b"hello"


def test_a_process_that_a_test_starts_is_held_too() -> None:
    code = f"import socket; socket.create_connection(('{ELSEWHERE}', 9))"
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert process.returncode == 1
    assert "the tests have no network" in process.stderr


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", True),
        ("localhost", True),
        ("chat.localhost", True),
        ("8.8.8.8", False),
        ("10.0.0.1", False),
        ("fe80::1%eth0", False),
        ("localhost.example.org", False),
        ("127.0.0.1.example.org", False),
        ("", False),
    ],
)
def test_only_this_machine_is_local(host: str, local: bool) -> None:
    assert is_local(host) is local


@given(st.ip_addresses(v=4))
def test_an_address_is_local_only_in_the_loopback_network(address: object) -> None:
    assert is_local(str(address)) == (str(address).startswith("127.") or str(address) == "0.0.0.0")
