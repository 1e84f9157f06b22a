"""How far the run is that goes on, and the button that stops it.

It starts nothing.
"""

from bot.web.bar import Bar, draw_bar
from bot.web.evaluation import amounts
from bot.web.evaluation.live import Going, Live
from bot.web.evaluation.wording import TeamWording


def draw_going(live: Live, words: TeamWording) -> None:
    """Draw the bar until the run is over; then the page is drawn anew."""

    def shown() -> Bar | None:
        now = live.now
        if now is None or now.over:
            return None
        return Bar(now.done / max(1, now.total), told(now, words), now.stopping)

    draw_bar(shown, live.stop, (words.stop, words.going_on))


def told(now: Going, words: TeamWording) -> str:
    """How far it is, in words."""
    asked = words.asked_of.format(done=now.done, total=now.total)
    if now.stopping:
        return f"{asked} · {words.stopping}"
    if now.seconds_left is None:
        return asked
    return f"{asked} · {words.time_left.format(time=amounts.seconds(now.seconds_left, words))}"
