"""QR codes as SVG, for the letters' link to the public check page."""

from __future__ import annotations

from io import BytesIO

import segno

_LONGEST_URL = 500


class UrlTooLong(ValueError):
    """The address would make a code too dense for a phone to read off paper."""


def qr_svg(url: str) -> bytes:
    """Return `url` as an SVG document: dark modules only, quiet zone of two modules.

    Error correction "Q" survives a stamp or a fold over a quarter of the code. Raises UrlTooLong.
    """
    if len(url) > _LONGEST_URL:
        message = f"{len(url)} characters; at most {_LONGEST_URL} can be read off paper"
        raise UrlTooLong(message)
    out = BytesIO()
    code = segno.make(url, error="q", micro=False)
    code.save(out, kind="svg", border=2, light=None, xmldecl=True, svgns=True, title=url)
    return out.getvalue()
