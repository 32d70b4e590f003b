"""Takes the README's picture: a case of a scenario, as the person sees it whose turn it is.

python -m tools.screenshot docs/screenshot.png [steps of the scenario to play]
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import msgspec
from flask_security.utils import hash_password
from playwright.sync_api import sync_playwright
from sqlalchemy import update
from werkzeug.serving import make_server

from workflow_app.adapters.clock import FixedClock
from workflow_app.adapters.mailer import MemoryMailer
from workflow_app.config import ROOT, Settings
from workflow_app.factory import create_app
from workflow_app.models import db
from workflow_app.models.people import Account
from workflow_app.services.scenarios.player import Player
from workflow_app.services.scenarios.script import read_scenario
from workflow_app.services.scenarios.world import World, make_world
from workflow_app.services.seeding import DEMO_PASSWORD

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

PROCESS = "accreditation"
SCENARIO = ROOT / "processes" / PROCESS / "scenarios" / "straight.yaml"
STEPS = 8
PERSON = "reviewer1@example.org"
WIDTH, HEIGHT = 1440, 1000


def main() -> None:
    """Play, serve, sign in, open the first task, take the picture."""
    target = Path(sys.argv[1])
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else STEPS
    with tempfile.TemporaryDirectory(prefix="screenshot-") as name:
        folder = Path(name)
        settings = Settings(
            database_url=f"sqlite:///{folder / 'workflow.db'}",
            secret_key="one-picture-long",  # noqa: S106 - lives as long as the picture takes
            instance=folder,
            files_url=f"file://{folder / 'files'}",
        )
        with make_world(settings) as world:
            moment = played(world, steps)
            shutil.copy(str(world.engine.url.database), folder / "workflow.db")
        app = create_app(settings, clock=FixedClock(moment), mailer=MemoryMailer())
        with_passwords(app)
        shoot(app, target)


def played(world: World, steps: int) -> datetime:
    """Play the beginning of the scenario; return the time at which it stands."""
    scenario = read_scenario(SCENARIO)
    begun = msgspec.structs.replace(scenario, steps=scenario.steps[:steps])
    player = Player(world, PROCESS, SCENARIO, begun)
    player.play()
    if player.steps != steps:
        sys.exit(f"the scenario went astray: {player.problems}")
    with world.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return world.clock.now()


def with_passwords(app: Flask) -> None:
    """Let the demonstration's people sign in: scenarios keep no hashes."""
    with app.app_context():
        db.session.execute(update(Account).values(password=hash_password(DEMO_PASSWORD)))
        db.session.commit()


def shoot(app: Flask, target: Path) -> None:
    """Serve the application for one person's visit."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(f"{address}/sign-in")
        page.fill("input[name=email]", PERSON)
        page.fill("input[name=password]", DEMO_PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/inbox*")
        page.click('main a[href^="/tasks/"] >> nth=0')
        page.wait_for_load_state("networkidle")
        page.get_by_role("tab", name="Diagram").click()
        page.get_by_role("tab", name="Diagram").blur()
        page.wait_for_timeout(1500)
        page.screenshot(path=target)
        print(page.url, page.title())
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
