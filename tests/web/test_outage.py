"""A database that goes away: a clear page, and everything as before once it is back."""

from __future__ import annotations

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import TimeoutError as NoConnection

from tests.support.browser import Browser
from tests.support.installation import make_settings, running_app
from tests.support.postgres import free_port
from workflow_app.models import db

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
POSTGRES = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
TITLE = "The service is out of reach for a moment"


@pytest.fixture
def dead(tmp_path):
    """Return a visitor of an installation whose PostgreSQL is not there."""
    url = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none"
    with running_app(make_settings(tmp_path, url)) as app:
        yield Browser(app)


@BOTH
def test_a_server_with_its_database_is_alive_and_ready(visitor):
    assert visitor.client.get("/healthz").text == "alive\n"
    assert visitor.client.get("/readyz").text == "ready\n"


@BOTH
def test_a_server_with_another_version_of_the_database_is_not_ready(app, visitor):
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = visitor.client.get("/readyz")
    assert answer.status_code == 503
    assert "the database is at revision 0001" in answer.text


def test_a_server_without_its_database_lives_but_is_not_ready(dead):
    assert dead.client.get("/healthz").status_code == 200
    answer = dead.client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready: the database does not answer\n")


@pytest.mark.parametrize("address", ["/", "/sign-in", "/check", "/inbox"])
def test_without_a_database_every_visitor_gets_a_page_that_says_so(dead, address):
    with dead.client.session_transaction() as session:
        session.update(_user_id="somebody-who-had-signed-in", _fresh=True)
    answer = dead.client.get(address)
    if answer.status_code == 200:
        return  # a page that asks the database nothing
    page = dead.get(address, status=503)
    assert page.title == TITLE
    assert page.headers["Retry-After"] == "10"


def cut_at(app, number):
    """Let the server cut every connection just before the application's statement `number`."""
    seen = []

    def before(connection, *_rest):
        seen.append(1)
        if len(seen) == number:
            me = connection.connection.driver_connection.info.backend_pid
            with app.app_context():
                other = db.engine.raw_connection()
            other.cursor().execute(f"SELECT pg_terminate_backend({me})")
            other.close()

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", before)
    return seen


@POSTGRES
@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_connection_lost_in_mid_request_is_a_page_and_the_next_request_works(
    app, sign_in, number
):
    registrar = sign_in("registrar")
    seen = cut_at(app, number)
    assert registrar.get("/inbox", status=503).title == TITLE
    assert len(seen) >= number
    assert registrar.get("/inbox").status == 200


@POSTGRES
def test_connections_cut_between_requests_are_not_noticed(app, sign_in):
    registrar = sign_in("registrar")
    registrar.get("/inbox")
    with app.app_context(), db.engine.connect() as connection:
        cut = text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute(cut)
    assert registrar.get("/inbox").status == 200


def test_no_connection_left_is_the_same_page(app, sign_in, monkeypatch):
    registrar = sign_in("registrar")

    def none_left(*_args, **_kwargs):
        raise NoConnection

    with app.app_context():
        monkeypatch.setattr(db.engine.pool, "connect", none_left)
    assert registrar.get("/inbox", status=503).title == TITLE
