"""`python -m bot mcp`: the protocol over standard input and output, for a program on this machine.

It knows no request: whoever started the process may ask, and conversations are kept as those of this machine.
"""

import asyncio

from mcp.server.stdio import stdio_server

from bot.server.callers import OF_THIS_MACHINE
from bot.server.mcp.protocol import make_server
from bot.server.mcp.tools import Call, Tell
from bot.server.origins import Rules
from bot.server.served import Served
from bot.settings import Settings


def run(settings: Settings) -> int:
    """Serve until standard input ends; returns the exit status. Nothing but messages goes to standard output."""
    asyncio.run(_serve(Served(settings, Rules.of(settings, "localhost"))))
    return 0


async def _serve(served: Served) -> None:
    def open_call(request: None, tell: Tell) -> Call:
        return Call(served, OF_THIS_MACHINE, None, tell)

    server = make_server(served, open_call)
    try:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())
    finally:
        served.close()
