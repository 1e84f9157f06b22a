"""What an answer cost: the calls of a chat model added up, in tokens and dollars.

It makes no call. A price that is not known stays unknown, and so does the cost of tokens that no server counted.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.domain import Usage
from bot.model.budget import at_most

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage, BaseMessageChunk

Prices = tuple[float, float]
"""US dollars for a million tokens in, and out."""


class Meter:
    """Adds up the calls for one answer to the chat model `spec`, provider:model.

    `prices` are what it costs; without them the published ones are taken, of the provider or of the server at
    `base_url`.
    """

    def __init__(self, spec: str, *, base_url: str | None = None, prices: Prices | None = None) -> None:
        self._provider, _, self._name = spec.partition(":")
        self._base_url = base_url if self._provider == "openai" else None
        self._prices = prices
        self._calls = self._tokens_in = self._tokens_out = 0
        self._cost: float | None = 0.0

    @property
    def usage(self) -> Usage:
        """The calls so far; the cost is None where that of any of them is not known."""
        return Usage(self._calls, self._tokens_in, self._tokens_out, self._cost if self._calls else None)

    def record(self, messages: "Sequence[BaseMessage]", pieces: "Sequence[BaseMessageChunk]") -> None:
        """Add a call that has ended, well or not: what was sent, and the pieces that came."""
        self._calls += 1
        if not pieces:
            return  # refused or never reached: nothing was counted
        counts = [count for piece in pieces if (count := getattr(piece, "usage_metadata", None))]
        tokens_in = sum(count["input_tokens"] for count in counts)
        tokens_out = sum(count["output_tokens"] for count in counts)
        cached = sum((count.get("input_token_details") or {}).get("cache_read") or 0 for count in counts)
        cost = None
        if counts:
            cost = self._priced(tokens_in, tokens_out, cached)
        else:
            tokens_in = sum(at_most(str(message.text)) for message in messages)
            tokens_out = at_most("".join(str(piece.text) for piece in pieces))
        self._tokens_in += tokens_in
        self._tokens_out += tokens_out
        self._cost = None if cost is None or self._cost is None else self._cost + cost

    def _priced(self, tokens_in: int, tokens_out: int, cached: int) -> float | None:
        if self._prices:
            return (tokens_in * self._prices[0] + tokens_out * self._prices[1]) / 1e6
        from genai_prices import Usage as Tokens
        from genai_prices import calc_price

        tokens = Tokens(input_tokens=tokens_in, output_tokens=tokens_out, cache_read_tokens=cached or None)
        try:
            if self._base_url:
                price = calc_price(tokens, self._name, provider_api_url=self._base_url)
            else:
                price = calc_price(tokens, self._name, provider_id=self._provider)
        except (LookupError, ValueError):
            return None
        return float(price.total_price)
