from __future__ import annotations

import pytest
from lxml import etree

from workflow_app.adapters.qr import UrlTooLong, qr_svg

URL = "https://services.example/check/CERT-AM-2026-0001?a=1&b=<2>"


def test_the_code_is_an_svg_that_names_its_address():
    root = etree.fromstring(qr_svg(URL))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.findtext("{http://www.w3.org/2000/svg}title") == URL


def test_the_same_address_gives_the_same_code_and_another_one_another():
    assert qr_svg(URL) == qr_svg(URL)
    assert qr_svg(URL) != qr_svg(URL + "x")


def test_an_address_too_long_for_paper_is_refused():
    with pytest.raises(UrlTooLong):
        qr_svg("https://services.example/" + "x" * 600)
