"""Connections to addresses that may be connected to, each bounded in time.

It knows no HTTP. The name is resolved once and the address that was checked is the one connected to, so that a
name cannot point elsewhere in between (DNS rebinding).
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from bot.errors import CorpusError

CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
"""Silence that is waited for; a whole response has a time of its own."""
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 addresses as a translating network (NAT64) writes them."""


class RefusedError(CorpusError):
    """An address that is not connected to."""


def is_public(address: str) -> bool:
    """Whether it is an address of the public internet, also where it holds another one inside."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed in _TRANSLATED:
            return is_public(str(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)))
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if inner is not None:
            return is_public(str(inner))
    return parsed.is_global and not parsed.is_multicast


class Backend(httpcore.NetworkBackend):
    """Connects for one client; `until` is when the request in hand must be over, on the monotonic clock."""

    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._plain = httpcore.SyncBackend()
        self.until = float("inf")

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failed: Exception = httpcore.ConnectError("it has no address")
        for address in self._addresses(host, port):
            try:
                seconds = _left(self, timeout, httpcore.ConnectTimeout)
                return _Stream(self._plain.connect_tcp(address, port, seconds), self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        raise RefusedError("A socket of this machine is not connected to.")

    def _addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a name. Raises RefusedError where any of them is not public and that is not allowed."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"its name is not known ({error})") from error
        addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
        private = [address for address in addresses if not is_public(address)]
        if private and not self._allow_private:
            raise RefusedError(
                f"{host} is at {private[0]}, which is no public address: set COMMUNIQUE_ALLOW_PRIVATE_ADDRESSES to "
                "fetch from your own network."
            )
        return addresses


class _Stream(httpcore.NetworkStream):
    """A connection that ends with the time of the request."""

    def __init__(self, stream: httpcore.NetworkStream, backend: Backend) -> None:
        self._stream = stream
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._backend, timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._backend, timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        seconds = _left(self._backend, timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, seconds), self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(backend: Backend, timeout: float | None, over: type[httpcore.TimeoutException]) -> float:
    left = backend.until - time.monotonic()
    if left <= 0:
        raise over("it took too long")
    return min(left, READ_SECONDS if timeout is None else timeout)
