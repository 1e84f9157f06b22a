"""Where a request may come from: host names, origins and addresses, compared.

It holds the rules of one server and knows no request but for the values of its headers.
"""

import ipaddress
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from bot.keys.own_machine import is_loopback
from bot.settings import Settings, separated

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may call: `hosts` are the names of this server, `origins` the others whose pages may.

    `is_own_machine` says that it listens only to this machine, with no proxy before it.
    """

    hosts: tuple[str, ...]
    origins: tuple[str, ...]
    is_own_machine: bool

    @classmethod
    def of(cls, settings: Settings, host: str) -> Self:
        """The rules of a server that listens on the address `host`."""
        bound = () if is_address(host) else (host.lower(),)
        return cls(
            hosts=(*separated(settings.allowed_hosts), *bound),
            origins=tuple(_normal(origin) or origin for origin in separated(settings.allowed_origins)),
            is_own_machine=is_loopback(host) and not settings.trusted_proxies,
        )

    def knows_host(self, host: str) -> bool:
        """Whether a `Host` header names this server.

        An address in numbers always does: only a *name* can be made to point here by somebody else (DNS rebinding).
        """
        name = _host_name(host)
        if name is None:
            return False
        if is_address(name) or name == "localhost" or name.endswith(".localhost"):
            return True
        return any(
            name.endswith(known[1:]) if known.startswith("*.") else name == known for known in self.hosts
        )

    def allows_origin(self, origin: str) -> bool:
        """Whether pages of this other origin may call."""
        return _normal(origin) in self.origins

    @staticmethod
    def is_own(origin: str, scheme: str, host: str) -> bool:
        """Whether `origin` is that of a page which this server gave out under `host`."""
        return is_same_origin(origin, f"{scheme.replace('ws', 'http')}://{host}")


def is_same_origin(one: str, other: str) -> bool:
    """Whether both are the same origin, written in any way."""
    return _normal(one) is not None and _normal(one) == _normal(other)


def is_address(host: str) -> bool:
    """Whether it is an address in numbers, of version 4 or 6."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def network_of(address: str) -> str:
    """What counts as one caller: an IPv4 address, or the /64 that one IPv6 customer gets."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _host_name(host: str) -> str | None:
    """The name in a `Host` header, without port; None where it is none."""
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname, parts.port
    except ValueError:
        return None
    if not name or parts.netloc != host or "@" in host:
        return None
    return name.removesuffix(".")


def _normal(origin: str) -> str | None:
    """The origin in the one way to write it; None where it is none, such as `null`."""
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    if origin.lower() != f"{parts.scheme}://{parts.netloc.lower()}":
        return None  # something comes after it
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{name}" + ("" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}")
