"""Every answer carries the security headers, whatever made it."""

import re

import pytest
from flask import Flask, abort, make_response, render_template_string

from workflow_app.web.headers import FIXED, init_headers


@pytest.fixture
def client():
    app = Flask(__name__)
    init_headers(app)

    @app.get("/page")
    def page():
        return render_template_string("{{ csp_nonce() }} {{ csp_nonce() }}")

    @app.get("/own")
    def own():
        answer = make_response("x")
        answer.headers["Content-Security-Policy"] = "sandbox"
        answer.headers["Cache-Control"] = "public, max-age=60"
        return answer

    @app.get("/refused")
    def refused():
        abort(403)

    return app.test_client()


def policy(answer):
    rows = answer.headers["Content-Security-Policy"].split("; ")
    return dict(row.split(" ", 1) for row in rows)


@pytest.mark.parametrize("path", ["/page", "/refused", "/nowhere"])
@pytest.mark.parametrize("name", sorted(FIXED))
def test_pages_and_errors_carry_the_fixed_headers(client, path, name):
    assert client.get(path).headers[name] == FIXED[name]


def test_a_page_and_its_policy_name_the_same_nonce(client):
    answer = client.get("/page")
    first, second = answer.text.split()
    assert first == second
    assert f"'nonce-{first}'" in policy(answer)["script-src"]
    assert f"'nonce-{first}'" in policy(answer)["style-src"]


def test_two_requests_never_share_a_nonce(client):
    assert client.get("/page").text != client.get("/page").text


def test_nothing_inline_and_nothing_foreign_is_admitted(client):
    text = client.get("/page").headers["Content-Security-Policy"]
    assert not re.search(r"unsafe-|https?:|\*", text)
    assert policy(client.get("/page"))["frame-ancestors"] == "'none'"


def test_a_view_may_set_a_stricter_policy_and_its_own_caching(client):
    answer = client.get("/own")
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_pages_are_not_kept_by_shared_caches(client):
    assert client.get("/page").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(("scheme", "expected"), [("https", True), ("http", False)])
def test_strict_transport_is_promised_only_over_tls(client, scheme, expected):
    answer = client.get("/page", base_url=f"{scheme}://localhost")
    assert ("Strict-Transport-Security" in answer.headers) is expected
