"""A process that can reach only this machine, as if its network were unplugged.

It watches Python's own sockets and name look-ups, through its audit events. Native code that opens sockets
itself (a browser, gRPC) is not seen.
"""

import errno
import ipaddress
import socket
import sys
from typing import Any

refused: list[str] = []
"""What was refused in this process, as `event host`. Code that swallows the error cannot hide it here."""

_CONNECTS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_LOOK_UPS = {"socket.getaddrinfo", "socket.gethostbyname"}


def enforce() -> None:
    """Refuse every other address from now until the process ends."""
    sys.addaudithook(_audit)


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _CONNECTS:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path is a Unix socket
    elif event in _LOOK_UPS:
        host = arguments[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host and not is_local(host):
        refused.append(f"{event} {host}")
        raise OSError(errno.ENETUNREACH, f"the tests have no network: {event} {host}")


def is_local(host: str) -> bool:
    """Whether a name or an address means this machine."""
    if host == "localhost" or host.endswith(".localhost") or host == socket.gethostname():
        return True
    try:
        address = ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
