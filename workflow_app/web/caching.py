"""Answers that are the same for everybody: kept by caches, read by other sites, marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, request

if TYPE_CHECKING:
    from flask import Response

#: How long (s) a cache may give open data without asking.
FRESH = 300


def unchanged(tag: str) -> bool:
    """Tell whether the browser has what the tag marks already."""
    return request.if_none_match.contains(tag)


def for_everybody(answer: Response, tag: str | None = None) -> Response:
    """Let caches keep an answer for some minutes, and programs of other sites read it."""
    answer.headers["Cache-Control"] = f"public, max-age={FRESH}"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.vary.update(("Accept-Language", "Cookie"))
    if tag is not None:
        answer.set_etag(tag)
    return answer


def may_be_framed() -> None:
    """Let other sites show the page of this request in a frame."""
    g.may_be_framed = True
