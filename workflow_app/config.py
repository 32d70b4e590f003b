"""Settings of an installation: read once from the environment, typed, complete at start."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = {"hy": "Հայերեն", "ka": "ქართული", "uk": "Українська", "ru": "Русский", "en": "English"}


class SettingsError(ValueError):
    """One or more environment variables are wrong; the message lists every fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an installation may set; see docs/settings.md for the meaning of each."""

    database_url: str
    secret_key: str
    instance: Path
    files_url: str
    mail_url: str = ""
    mail_from: str = "services@example.org"
    base_url: str = "http://127.0.0.1:8000"
    service_name: str = "Community services"
    accent: str = "#14555a"
    language: str = "en"
    demo: bool = False
    embedded_worker: bool = False
    database_pool: int = 10
    statement_seconds: int = 30
    proxies: int = 0
    pg_bin: str = ""
    scanner_url: str = ""
    http_hosts: frozenset[str] = frozenset()
    processes: Path = field(default=ROOT / "processes")
    forms: Path = field(default=ROOT / "forms")
    translations: Path = field(default=ROOT / "translations")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Settings:
        """Build settings from environment variables named WORKFLOW_APP_* and DATABASE_URL.

        Raises SettingsError listing every fault at once.
        """
        faults: list[str] = []
        instance = Path(environ.get("WORKFLOW_APP_INSTANCE", str(ROOT / "instance"))).resolve()
        instance.mkdir(parents=True, exist_ok=True)
        settings = cls(
            database_url=environ.get("DATABASE_URL", f"sqlite:///{instance / 'workflow.db'}"),
            secret_key=environ.get("SECRET_KEY") or _kept_secret(instance / "secret.key"),
            instance=instance,
            files_url=environ.get("WORKFLOW_APP_FILES_URL", f"file://{instance / 'files'}"),
            mail_url=environ.get("WORKFLOW_APP_MAIL_URL", ""),
            mail_from=environ.get("WORKFLOW_APP_MAIL_FROM", "services@example.org"),
            base_url=_url(environ, "WORKFLOW_APP_BASE_URL", "http://127.0.0.1:8000", faults),
            service_name=environ.get("WORKFLOW_APP_NAME", "Community services"),
            accent=environ.get("WORKFLOW_APP_ACCENT", "#14555a"),
            language=_language(environ, faults),
            demo=_flag(environ, "WORKFLOW_APP_DEMO", faults),
            embedded_worker=_flag(environ, "WORKFLOW_APP_EMBEDDED_WORKER", faults),
            database_pool=_number(environ, "WORKFLOW_APP_DATABASE_POOL", 10, faults),
            proxies=_number(environ, "WORKFLOW_APP_PROXIES", 0, faults, least=0),
            pg_bin=environ.get("WORKFLOW_APP_PG_BIN", ""),
            statement_seconds=_number(environ, "WORKFLOW_APP_STATEMENT_SECONDS", 30, faults),
            scanner_url=environ.get("WORKFLOW_APP_SCANNER_URL", ""),
            http_hosts=_hosts(environ.get("WORKFLOW_APP_HTTP_HOSTS", "")),
        )
        if faults:
            raise SettingsError("; ".join(faults))
        return settings


def _kept_secret(path: Path) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


def _flag(environ: Mapping[str, str], name: str, faults: list[str]) -> bool:
    value = environ.get(name, "0").lower()
    if value not in ("0", "1", "true", "false"):
        faults.append(f"{name} must be 0 or 1, not {value!r}")
    return value in ("1", "true")


def _number(
    environ: Mapping[str, str], name: str, default: int, faults: list[str], *, least: int = 1
) -> int:
    value = environ.get(name, str(default))
    if not value.isascii() or not value.isdigit() or int(value) < least:
        faults.append(f"{name} must be a whole number, {least} or more, not {value!r}")
        return default
    return int(value)


def _url(environ: Mapping[str, str], name: str, default: str, faults: list[str]) -> str:
    value = environ.get(name, default).rstrip("/")
    if urlsplit(value).scheme not in ("http", "https"):
        faults.append(f"{name} must begin with http:// or https://, not {value!r}")
    return value


def _hosts(text: str) -> frozenset[str]:
    return frozenset(host.strip().lower() for host in text.split(",") if host.strip())


def _language(environ: Mapping[str, str], faults: list[str]) -> str:
    value = environ.get("WORKFLOW_APP_LANGUAGE", "en")
    if value not in LANGUAGES:
        faults.append(f"WORKFLOW_APP_LANGUAGE must be one of {', '.join(LANGUAGES)}, not {value!r}")
    return value
