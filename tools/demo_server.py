"""Gunicorn's configuration for the demonstration: prints address and accounts once it serves."""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PEOPLE = ROOT / "processes" / "demo" / "users.toml"
ROLES = ROOT / "processes" / "roles.toml"


def accounts() -> list[tuple[str, str]]:
    """Return (address to sign in with, title), one account a role that somebody holds."""
    people = tomllib.loads(PEOPLE.read_text(encoding="utf-8"))["user"]
    roles = tomllib.loads(ROLES.read_text(encoding="utf-8"))
    holders: dict[str, str] = {}
    for person in people:
        for held in person["roles"]:
            holders.setdefault(held["role"], person["email"])
    return [(holders[code], role["title"]) for code, role in roles.items() if code in holders]


def welcome(password: str) -> str:
    """Return what the terminal shows once the demonstration serves."""
    address = os.environ["WORKFLOW_APP_BASE_URL"]
    rows = [f"  {email:<34}{title}" for email, title in accounts()]
    return "\n".join(
        [
            "",
            f"Community services is ready:  {address}",
            f"Sign in at {address}/sign-in - every account has the password  {password}",
            "",
            *rows,
            "",
            f"Mails that were sent: {address}/demo/mail    Move the clock: {address}/demo/clock",
            "Stop with Ctrl-C.",
            "",
        ]
    )


def post_worker_init(_worker: Any) -> None:
    """Print the welcome: gunicorn calls this when the application is loaded and served."""
    from workflow_app.services.seeding import DEMO_PASSWORD  # noqa: PLC0415 - after the server loaded it

    sys.stdout.write(welcome(DEMO_PASSWORD))
    sys.stdout.flush()
