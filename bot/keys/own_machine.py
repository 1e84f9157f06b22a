"""Whether an address, and what was sent to it, can only come from this machine: nobody there needs a key."""

import ipaddress
from collections.abc import Iterable

_OF_PROXIES = frozenset(
    {"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"}
)


def is_loopback(host: str) -> bool:
    """Whether only this machine itself is reached by it."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def came_by_proxy(headers: Iterable[str]) -> bool:
    """Whether one of these names of headers is what proxies add, and so tells of one that nobody declared."""
    return not _OF_PROXIES.isdisjoint(name.lower() for name in headers)
