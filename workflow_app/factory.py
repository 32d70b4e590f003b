"""The composition root: settings in, a Flask application with all its parts out."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_security.core import Security
from flask_security.datastore import SQLAlchemyUserDatastore
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from workflow_app.adapters.clock import Clock, ShiftedClock, SystemClock
from workflow_app.adapters.files import FileStore
from workflow_app.adapters.http import StandardHttp
from workflow_app.adapters.mailer import Mailer, MemoryMailer, SmtpMailer
from workflow_app.adapters.pdf import TypstPrinter
from workflow_app.adapters.scanner import scanner_from_url
from workflow_app.cli import register_commands
from workflow_app.cli.worker import RUN_WORKER
from workflow_app.config import LANGUAGES, Settings
from workflow_app.domain.actors import SYSTEM
from workflow_app.extensions import babel, csrf, limiter, migrate
from workflow_app.jobs.process import WorkerProcess
from workflow_app.jobs.worker import Worker
from workflow_app.models import db
from workflow_app.models.engines import engine_options
from workflow_app.models.people import Account, AccountGroup
from workflow_app.models.session import StepSession
from workflow_app.models.sqlite import install_sqlite_rules
from workflow_app.observability import configure_logging
from workflow_app.services.context import Context, Platform
from workflow_app.services.demo import follow_shift
from workflow_app.web import register_web
from workflow_app.web.converters import (
    IdConverter,
    SignedConverter,
    SlugConverter,
    WordConverter,
)
from workflow_app.web.language import choose_language, choose_timezone
from workflow_app.web.rules import LazyRule
from workflow_app.web.templating import QuickEnvironment

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGE = Path(__file__).parent
FONTS = PACKAGE / "static" / "dist" / "fonts" / "ttf"


def create_app(
    settings: Settings | None = None,
    *,
    clock: Clock | None = None,
    mailer: Mailer | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Flask:
    """Build the application; tests pass settings, a clock, a mailer and Flask overrides."""
    configure_logging()
    settings = settings or Settings.from_environ(os.environ)
    app = Flask("workflow_app")
    app.url_rule_class = LazyRule
    app.config.update(flask_config(settings), **dict(overrides or {}))
    platform = make_platform(settings, clock=clock, mailer=mailer)
    app.extensions["platform"] = platform
    app.extensions[RUN_WORKER] = partial(run_worker, app)
    app.url_map.converters.update(
        slug=SlugConverter, word=WordConverter, int=IdConverter, signed=SignedConverter
    )
    _bind_templates(app)
    _bind_extensions(app)
    register_web(app)
    register_commands(app)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(PACKAGE / "static"), prefix="static/", max_age=31_536_000
    )
    if settings.proxies:
        near = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=near, x_proto=near, x_host=near
        )
    return app


def make_platform(
    settings: Settings, *, clock: Clock | None = None, mailer: Mailer | None = None
) -> Platform:
    """Build the parts that outlive a request."""
    return Platform(
        settings=settings,
        clock=clock or (ShiftedClock(SystemClock()) if settings.demo else SystemClock()),
        files=FileStore.from_url(settings.files_url),
        mailer=mailer or _mailer(settings),
        scanner=scanner_from_url(settings.scanner_url or None),
        printer=TypstPrinter(FONTS),
        http=StandardHttp(settings.http_hosts),
    )


def flask_config(settings: Settings) -> dict[str, object]:
    """Return Flask's configuration for these settings."""
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(
            settings.database_url,
            pool=settings.database_pool,
            statement_seconds=settings.statement_seconds,
        ),
        "BABEL_DEFAULT_LOCALE": settings.language,
        "BABEL_TRANSLATION_DIRECTORIES": str(settings.translations),
        "MAX_CONTENT_LENGTH": 64 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "MAX_FORM_PARTS": 10_000,
        "PERMANENT_SESSION_LIFETIME": 12 * 3600,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SECURE": settings.base_url.startswith("https://"),
        "WTF_CSRF_TIME_LIMIT": None,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SALT": settings.secret_key,
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGIN_VIEW": "/welcome",
        "SECURITY_POST_LOGOUT_VIEW": "/",
        "SECURITY_UNAUTHORIZED_VIEW": None,
        "SECURITY_I18N_DIRNAME": [str(settings.translations)],
        "SECURITY_I18N_DOMAIN": "messages",
        "SECURITY_SEND_REGISTER_EMAIL": False,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SERVICE_NAME": settings.service_name,
        "ACCENT": settings.accent,
        "DEMO": settings.demo,
        "LANGUAGES": LANGUAGES,
        "LIMITS": "20 per minute",
    }


def start_worker(app: Flask) -> Worker:
    """Start the embedded worker and let commits nudge it."""
    worker = Worker(lambda: system_context(app))
    app.extensions["worker"] = worker
    worker.start()
    return worker


def run_worker(app: Flask, threads: int) -> None:
    """Be a worker process, doing so many things at once, until a signal comes; on PostgreSQL."""
    url = app.extensions["platform"].settings.database_url
    WorkerProcess(url, lambda: system_context(app), threads=threads).run()


def system_context(app: Flask) -> Context:
    """Return a context in which the system acts, with a session of its own."""
    platform: Platform = app.extensions["platform"]
    with app.app_context():
        session = StepSession(db.engine, expire_on_commit=False)
    follow_shift(platform, session)
    return Context(
        platform=platform,
        session=session,
        actor=SYSTEM,
        now=platform.clock.now(),
        language=platform.settings.language,
    )


def _mailer(settings: Settings) -> Mailer:
    if not settings.mail_url:
        return MemoryMailer()
    return SmtpMailer.from_url(
        settings.mail_url, sender=settings.mail_from, sender_name=settings.service_name
    )


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        install_sqlite_rules(db.engine)
    migrate.init_app(app, db, directory=str(PACKAGE / "migrations"))
    babel.init_app(app, locale_selector=choose_language, timezone_selector=choose_timezone)
    csrf.init_app(app)
    limiter.init_app(app)
    WTFormsHelpers(app)
    Security(app, SQLAlchemyUserDatastore(db, Account, AccountGroup))


def _bind_templates(app: Flask) -> None:
    # Before the extensions: the first that adds a filter makes Jinja's environment for good.
    app.jinja_environment = QuickEnvironment
    app.jinja_options["trim_blocks"] = True
    app.jinja_loader = ChoiceLoader(
        [
            PackageLoader("workflow_app", "templates"),
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )
