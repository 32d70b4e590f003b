"""Security headers of every answer, and the nonce that a page's own scripts and styles carry."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask import g, request

if TYPE_CHECKING:
    from flask import Flask, Response

# The viewer's style sheet carries its few icons as data: addresses.
SOURCES = {
    "default-src": "'self'",
    "script-src": "'self' 'nonce-{nonce}'",
    "style-src": "'self' 'nonce-{nonce}'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "{framed_by}",
}

#: Of pages with a drawing editor, which places its parts by style attributes. A nonce beside
#: 'unsafe-inline' would take it back.
INLINE = {"style-src": "'self' 'unsafe-inline'"}

# A case's key stands in some addresses, so no other site learns where a visitor came from.
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
#: What a page that other sites may frame does without.
UNFRAMED = frozenset({"X-Frame-Options", "Cross-Origin-Resource-Policy"})
HSTS = "max-age=31536000; includeSubDomains"


def init_headers(app: Flask) -> None:
    """Give every answer of the application its headers, and templates `csp_nonce()`."""
    app.after_request(_add_headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def csp_nonce() -> str:
    """Give the nonce of the present request: the same word however often it is asked."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def content_policy(nonce: str, framed_by: str = "'none'", *, inline_styles: bool = False) -> str:
    """Write the Content-Security-Policy (CSP Level 3) that admits this nonce and these frames.

    `inline_styles` admits the style attributes that a drawing editor sets; scripts never.
    """
    sources = SOURCES | INLINE if inline_styles else SOURCES
    policy = "; ".join(f"{name} {value}" for name, value in sources.items())
    return policy.format(nonce=nonce, framed_by=framed_by)


def _add_headers(response: Response) -> Response:
    framed = g.get("may_be_framed", False)
    for name, value in FIXED.items():
        if not framed or name not in UNFRAMED:
            response.headers.setdefault(name, value)
    inline = g.get("inline_styles", False)
    policy = content_policy(csp_nonce(), "*" if framed else "'none'", inline_styles=inline)
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.setdefault("Cache-Control", "private, no-cache")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    return response
