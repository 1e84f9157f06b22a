"""Runs the server until it is told to stop: then it takes no more questions, and answers those it has.

It knows sockets and signals, and nothing of what is served.
"""

import asyncio
import logging
import math
import os
import socket
import sys
import time
import webbrowser
from types import FrameType

import uvicorn

from bot.errors import ServerError
from bot.server.app import make_app
from bot.server.logs import configure
from bot.server.origins import Rules
from bot.server.served import Served
from bot.settings import Settings

STOP_SECONDS = 130.0
"""How long a stop waits for the answers that are being made: longer than any may take."""
KEEP_SECONDS = 1.0
"""What the chat page may take to store and draw its last answer."""
CLOSE_SECONDS = 10
"""How long it then waits for connections to end."""
CONNECTIONS = 2_000
HEADER_BYTES = 16_384
PAGE_MESSAGE_BYTES = 1_000_000
"""The longest message from the chat page: its own are some hundred bytes, and a question at most."""
PING_SECONDS = 30.0
LOG = logging.getLogger("communique.server")


def run(settings: Settings, host: str, port: int, *, opens_browser: bool) -> int:
    """Serve at `host` and `port` until the process is told to stop; returns its exit status.

    Raises ServerError where the address cannot be used.
    """
    listening = _listen(host, port)
    configure(settings)
    with listening:
        served = Served(settings, Rules.of(settings, host))
        config = uvicorn.Config(
            make_app(settings, served, host, port),
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            # Without proxies that are named nobody's X-Forwarded headers count; uvicorn's own default is to
            # believe any program on this machine.
            proxy_headers=settings.trusted_proxies is not None,
            forwarded_allow_ips=settings.trusted_proxies or "",
            limit_concurrency=CONNECTIONS,
            timeout_graceful_shutdown=CLOSE_SECONDS,
            h11_max_incomplete_event_size=HEADER_BYTES,
            ws="websockets-sansio",
            ws_max_size=PAGE_MESSAGE_BYTES,
            ws_ping_interval=PING_SECONDS,
            ws_ping_timeout=PING_SECONDS,
        )
        Server(config, served, f"http://{_shown(host)}:{port}{settings.base_path or ''}/", opens_browser).run(
            sockets=[listening]
        )
    return 0


class Server(uvicorn.Server):
    """Uvicorn's server, which at the first signal to stop waits for the answers that are being made.

    Uvicorn itself would close the listening socket first, and cut streams.
    """

    def __init__(self, config: uvicorn.Config, served: Served, address: str, opens_browser: bool) -> None:
        super().__init__(config)
        self._served = served
        self._address = address
        self._opens_browser = opens_browser
        self._stop_by: float | None = None
        self._answered_at = -math.inf

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._served.settings.log_format == "json":
            LOG.info("Communiqué is at %s", self._address)
        else:
            print(f"Communiqué is at {self._address}", file=sys.stderr, flush=True)
        if self._opens_browser and _has_screen():
            asyncio.get_running_loop().run_in_executor(None, webbrowser.open, self._address)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """At the first signal stop, at the second at once. The signal is not raised again: stopping is no error."""
        if self._stop_by is None:
            self._served.stop()
            self._stop_by = time.monotonic() + STOP_SECONDS
        else:
            self.should_exit = self.force_exit = True

    async def on_tick(self, counter: int) -> bool:
        if self._stop_by is not None:
            now = time.monotonic()
            if self._served.is_answering:
                self._answered_at = now
            if now >= min(self._stop_by, self._answered_at + KEEP_SECONDS):
                self.should_exit = True
        return await super().on_tick(counter)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=CONNECTIONS)
    except (OSError, OverflowError) as error:
        raise ServerError(
            f"The server cannot listen at {host}:{port} ({error}): give another --host or --port, or set "
            "COMMUNIQUE_HOST or COMMUNIQUE_PORT."
        ) from None


def _shown(host: str) -> str:
    """The address as one types it on this machine."""
    if host in ("0.0.0.0", "::"):
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _has_screen() -> bool:
    """Whether a browser would open a window; without a screen some would take this terminal."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
