"""Who calls: the holder of a key or a token, a page that may, or a program on this machine.

It decides who somebody is and what they may do, not where from: `bot.server.guard` has refused other origins.
"""

import time
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from bot.keys import SCOPES, Key, Scope
from bot.keys.own_machine import came_by_proxy, is_loopback
from bot.server.origins import is_same_origin, network_of
from bot.server.problems import (
    KEY_NEEDED,
    KEY_REFUSED,
    KEY_REVOKED,
    SCOPE_MISSING,
    TOKEN_EXPIRED,
    TOKEN_ORIGIN,
    TOKEN_REFUSED,
    ProblemError,
)
from bot.server.served import Served
from bot.server.tokens import PREFIX, Token, read

ANONYMOUS = "anonymous"
"""The owner of conversations that were begun without a key: whoever knows the id of one may read it."""
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="communique"'}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: `name` is counted by the limits, `owner` is whose conversations are seen.

    Without a name there are no limits, as for programs on this machine. `lists` says whether the conversations
    of this owner may be listed: without a key only on this machine. `key` or `token` opened the door, if one did.
    """

    name: str | None
    owner: str
    scopes: frozenset[Scope]
    lists: bool = True
    key: Key | None = None
    token: Token | None = None


OF_THIS_MACHINE = Caller(None, ANONYMOUS, frozenset({"ask"}))
"""A program that runs here and needs no key."""


def served_of(request: Request) -> Served:
    """What the server works with."""
    served: Served = request.app.state.served
    return served


ServedHere = Annotated[Served, Depends(served_of)]


async def caller_of(request: Request, served: ServedHere) -> Caller:
    """Who calls; raises the problems `key-needed` and `key-refused`."""
    authorization = request.headers.get("authorization")
    keys_exist = await run_in_threadpool(served.keys.exist)
    # Without any key there is none to refuse: clients that cannot send none may send what they like.
    if authorization is not None and keys_exist:
        scheme, _, text = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise ProblemError(KEY_REFUSED, "Send the key as `Authorization: Bearer KEY`.", _CHALLENGE)
        text = text.strip()
        if text.startswith(PREFIX):
            return await run_in_threadpool(_bearer, text, request, served)
        return _holder(await run_in_threadpool(served.keys.find, text))
    if keys_exist:
        raise ProblemError(KEY_NEEDED, "Send a key as `Authorization: Bearer KEY`.", _CHALLENGE)
    if _is_program_here(request, served):
        return OF_THIS_MACHINE
    if served.people_log_in:
        raise ProblemError(
            KEY_NEEDED,
            "People log in and ask on the page; programs send a key as `Authorization: Bearer KEY`.",
            _CHALLENGE,
        )
    if not _is_from_a_page(request, served):
        raise ProblemError(
            KEY_NEEDED,
            "Without a key only this server's own pages and those of allowed origins may call. The operator makes "
            "one with `python -m bot keys create NAME`; send it as `Authorization: Bearer KEY`.",
            _CHALLENGE,
        )
    address = request.client.host if request.client else ""
    return Caller(f"address {network_of(address)}", ANONYMOUS, frozenset({"ask"}), lists=False)


def _holder(key: Key | None) -> Caller:
    if key is None:
        raise ProblemError(KEY_REFUSED, "There is no such key. It may have been cut short.", _CHALLENGE)
    if key.revoked:
        raise ProblemError(KEY_REVOKED, f"The key {key.id} opens nothing any more.", _CHALLENGE)
    scopes = frozenset(SCOPES) if "admin" in key.scopes else key.scopes
    return Caller(f"key {key.id}", f"key {key.id}", scopes, key=key)


def _bearer(text: str, request: Request, served: Served) -> Caller:
    """Who holds the token of this text, if the page that sends it is one of those it is for."""
    token = read(text, served.keys.signing_secret())
    if token is None:
        raise ProblemError(TOKEN_REFUSED, "The page needs one that this server made, whole.", _CHALLENGE)
    if token.expires <= time.time():
        raise ProblemError(TOKEN_EXPIRED, "The page needs a new one.", _CHALLENGE)
    if not is_same_origin(_page_origin(request), token.origin):
        raise ProblemError(TOKEN_ORIGIN, f"It is for pages of {token.origin}.")
    maker = _holder(served.keys.get(token.key_id))
    owner = f"{maker.owner} visitor {token.visitor}"
    return Caller(f"token {token.id}", owner, maker.scopes & {"ask"}, token=token)


def _page_origin(request: Request) -> str:
    """The origin of the page that sends it; empty where none does. To its own, a browser names it only as its own."""
    headers = request.headers
    if "origin" not in headers and headers.get("sec-fetch-site") == "same-origin":
        return f"{request.url.scheme}://{headers.get('host', '')}"
    return headers.get("origin", "")


def _is_program_here(request: Request, served: Served) -> bool:
    """Whether it comes from this machine to a server that only this machine reaches.

    A proxy on this machine that was not declared would make the whole world look so: what one adds gives it away.
    """
    if not served.rules.is_own_machine or came_by_proxy(request.headers):
        return False
    return request.client is not None and is_loopback(request.client.host)


def _is_from_a_page(request: Request, served: Served) -> bool:
    """Whether a page sent it that may: one of the server's own, or of an allowed origin.

    A program can claim so, too. What it gets is what everyone gets who can open the chat page.
    """
    headers = request.headers
    if "origin" in headers or headers.get("sec-fetch-site") == "same-origin":
        return True  # the guard let this origin in
    own = f"{request.url.scheme}://{headers.get('host', '')}/"
    return headers.get("referer", "").startswith(own)


async def require_operator(request: Request, served: Served) -> None:
    """Raises a problem where it is neither a program on this machine nor the holder of a key for `admin`."""
    if "authorization" not in request.headers and _is_program_here(request, served):
        return
    caller = await caller_of(request, served)
    _require(caller, "admin")
    if caller.name is not None:
        served.requests.take(caller.name)


def admit_reader(caller: Caller, served: Served) -> Caller:
    """The caller, whose request for what is there is counted; raises a problem where it is one too many."""
    return _counted(caller, served, "ask")


def admit_asker(caller: Caller, served: Served) -> Caller:
    """The caller, whose question is counted; raises a problem where it is one too many."""
    _require(caller, "ask")
    if caller.name is not None:
        served.questions.take(caller.name)
    if caller.token is not None:
        served.quotas.take(caller.token.id, caller.token.questions)
    return caller


async def _reader(caller: Annotated[Caller, Depends(caller_of)], served: ServedHere) -> Caller:
    return admit_reader(caller, served)


async def _asker(caller: Annotated[Caller, Depends(caller_of)], served: ServedHere) -> Caller:
    return admit_asker(caller, served)


async def _ingester(caller: Annotated[Caller, Depends(caller_of)], served: ServedHere) -> Caller:
    return _counted(caller, served, "ingest")


async def _admin(caller: Annotated[Caller, Depends(caller_of)], served: ServedHere) -> Caller:
    return _counted(caller, served, "admin")


def _counted(caller: Caller, served: Served, scope: Scope) -> Caller:
    _require(caller, scope)
    if caller.name is not None:
        served.requests.take(caller.name)
    return caller


def _require(caller: Caller, scope: Scope) -> None:
    if scope not in caller.scopes:
        raise ProblemError(SCOPE_MISSING, f"This needs a key with the scope `{scope}`.")


Reader = Annotated[Caller, Depends(_reader)]
"""A caller who reads what is there."""
Asker = Annotated[Caller, Depends(_asker)]
"""A caller whose request makes the models work: these are counted apart."""
Ingester = Annotated[Caller, Depends(_ingester)]
"""A caller with a key to add to the corpus: nobody has this without one, not even on this machine."""
Admin = Annotated[Caller, Depends(_admin)]
"""A caller with a key that may take away, too."""
