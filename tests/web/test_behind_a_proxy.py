"""Behind a proxy the visitor's own address and scheme count; without one, nobody may claim any."""

from __future__ import annotations

import pytest
from flask import request

from tests.support.installation import make_settings, running_app

CLAIMED = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "203.0.113.7")])
def test_what_a_proxy_says_is_believed_where_there_is_one(tmp_path, proxies, address):
    seen = []
    settings = make_settings(tmp_path, f"sqlite:///{tmp_path / 'none.db'}", proxies=proxies)
    with running_app(settings) as app:
        app.before_request(lambda: seen.append((request.remote_addr, request.is_secure)))
        answer = app.test_client().get("/healthz", headers=CLAIMED)
    assert seen == [(address, proxies == 1)]
    assert ("Strict-Transport-Security" in answer.headers) == (proxies == 1)
