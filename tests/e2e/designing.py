"""What designers do in the studio with a mouse: they draw, make forms, run scenarios, publish."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SAVED = re.compile(r"^Saved \d\d:\d\d$")
# A draft is checked while others are at work: a busy machine may take longer than five seconds.
expect.set_options(timeout=20_000)
WIDE = {"viewport": {"width": 1280, "height": 1000}}


def ready(page: Page) -> None:
    """Wait until an editor has opened its file."""
    page.locator("[data-ready]").wait_for(timeout=30_000)


def saved(page: Page) -> None:
    """Wait until everything is saved."""
    page.locator("[data-saved]", has_text=SAVED).wait_for(timeout=30_000)


def choose(page: Page, element: str) -> None:
    """Bring an element of the diagram into view, chosen, as a link to it does."""
    page.evaluate("id => { location.hash = id }", element)
    page.locator(f'.djs-element.selected[data-element-id="{element}"]').wait_for()


def group(page: Page, name: str) -> Locator:
    """Return a group of the diagram's panel of properties, opened."""
    found = page.locator(f'[data-group-id="group-{name}"]')
    head = found.locator(".bio-properties-panel-group-header").first
    if "open" not in (head.get_attribute("class") or "").split():
        head.click()
    return found


def place(page: Page, entry: str, at: tuple[float, float]) -> None:
    """Take something from the palette of the diagram with the mouse and put it down."""
    page.locator(f'.djs-palette [data-action="{entry}"]').click()
    page.mouse.move(at[0] - 8, at[1] - 8)
    page.mouse.move(*at, steps=4)
    page.mouse.click(*at)


def centre(place: Locator) -> tuple[float, float]:
    """Return the middle of what stands on the page."""
    box = place.bounding_box()
    assert box is not None, place
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def carry(page: Page, what: str, to: str) -> None:
    """Take something with the mouse and let it go below the last of some places."""
    page.mouse.move(*centre(page.locator(what)))
    page.mouse.down()
    box = page.locator(to).last.bounding_box()
    assert box is not None, to
    end = box["x"] + box["width"] / 2, box["y"] + box["height"] + 40
    page.mouse.move(end[0], end[1] - 12, steps=8)
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def errors(page: Page) -> Locator:
    """Return the errors in the list beside the diagram."""
    return page.locator("[data-findings] .app-finding--error")


def run_scenarios(page: Page) -> None:
    """Press the button that runs them all, and wait for what they find."""
    page.get_by_role("button", name="Run all scenarios").click()
    expect(page.locator("[data-live]")).to_contain_text("All scenarios were run", timeout=300_000)
    page.get_by_role("link", name="Show the results").click()
    page.locator(".app-proof--good, .app-proof--bad").wait_for()
