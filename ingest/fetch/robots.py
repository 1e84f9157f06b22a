"""What the robots.txt of a site allows, as RFC 9309 has it.

It fetches nothing.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one site for one agent; `delay` is how long it asks to wait between requests, in seconds."""

    rules: Any
    agent: str
    delay: float

    def allows(self, url: str) -> bool:
        return bool(self.rules.can_fetch(url, self.agent))


def read_robots(content: bytes, agent: str) -> Robots:
    """The rules of this robots.txt for the agent; without any everything is allowed."""
    from protego import Protego

    rules = Protego.parse(content.decode("utf-8-sig", "replace"))
    return Robots(rules, agent, float(rules.crawl_delay(agent) or 0.0))
