"""A reverse proxy on this machine, as one stands before a server: it says by which scheme it was called, and for whom.

It passes on bytes as they come, those of a WebSocket too.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

HEAD_END = b"\r\n\r\n"


@contextmanager
def reverse_proxy(to: int, scheme: str = "https", client: str = "198.51.100.7") -> Iterator[int]:
    """The port of a proxy before the port `to`, which claims to be called by `scheme` from `client`."""
    added = f"X-Forwarded-For: {client}\r\nX-Forwarded-Proto: {scheme}\r\n".encode()
    loop = asyncio.new_event_loop()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request a connection, so that only its beginning has to be read."""
        with suppress(OSError, asyncio.IncompleteReadError):
            first, _, rest = (await reader.readuntil(HEAD_END)).partition(b"\r\n")
            closes = b"" if b"upgrade:" in rest.lower() else b"Connection: close\r\n"
            kept = b"\r\n".join(line for line in rest.split(b"\r\n") if not _is_own(line, closes))
            upstream, onward = await asyncio.open_connection("127.0.0.1", to)
            onward.write(first + b"\r\n" + added + closes + kept)
            await asyncio.wait(
                [asyncio.create_task(_pass(reader, onward)), asyncio.create_task(_pass(upstream, writer))],
                return_when=asyncio.FIRST_COMPLETED,
            )
            onward.close()
        writer.close()

    server = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
            with suppress(asyncio.CancelledError):
                loop.run_until_complete(task)
        loop.close()


def _is_own(line: bytes, closes: bytes) -> bool:
    """Whether the proxy writes this header itself: nobody outside may claim them."""
    name = line.partition(b":")[0].lower()
    return name.startswith(b"x-forwarded-") or bool(closes and name == b"connection")


async def _pass(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await source.read(65536):
            target.write(piece)
            await target.drain()
