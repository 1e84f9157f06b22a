"""The OpenAPI document of an application: as FastAPI makes it from the routes, with our errors for its own.

It does not know the routes, nor when which error is sent.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel


def describe(api: FastAPI, error: type[BaseModel], media_type: str, titles: Mapping[int, str]) -> None:
    """Let the document of `api` say that each operation may answer with an `error` of these statuses."""
    api.openapi = lambda: _document(api, error, media_type, titles)  # type: ignore[method-assign]


def _document(
    api: FastAPI, error: type[BaseModel], media_type: str, titles: Mapping[int, str]
) -> dict[str, Any]:
    if api.openapi_schema:
        return api.openapi_schema
    document = get_openapi(
        title=api.title,
        version=api.version,
        summary=api.summary,
        description=api.description,
        routes=api.routes,
    )
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    described = error.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(described.pop("$defs", {}), **{error.__name__: described})
    document["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{}, {"key": []}]
    content = {media_type: {"schema": {"$ref": f"#/components/schemas/{error.__name__}"}}}
    errors = {str(status): {"description": title, "content": content} for status, title in titles.items()}
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)  # FastAPI's own
            operation["responses"].update(errors)
    api.openapi_schema = document
    return document
