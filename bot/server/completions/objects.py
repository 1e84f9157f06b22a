"""The objects that are sent, described for the OpenAPI document: they are made in `api`."""

from typing import Any, Literal

from pydantic import BaseModel

from bot.server.objects import Answer


class Model(BaseModel):
    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class Models(BaseModel):
    object: Literal["list"]
    data: list[Model]


class UrlCitation(BaseModel):
    start_index: int
    end_index: int
    title: str
    url: str


class Annotation(BaseModel):
    type: Literal["url_citation"]
    url_citation: UrlCitation


class Reply(BaseModel):
    role: Literal["assistant"]
    content: str
    refusal: None
    annotations: list[Annotation]


class Choice(BaseModel):
    index: int
    message: Reply
    logprobs: None
    finish_reason: Literal["stop"]


class Tokens(BaseModel):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Completion(BaseModel):
    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[Choice]
    usage: Tokens
    communique: Answer


class Error(BaseModel):
    message: str
    type: str
    param: str | None
    code: Any


class Errors(BaseModel):
    error: Error
