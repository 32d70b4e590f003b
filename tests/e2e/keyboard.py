"""Somebody who has no mouse: they go through a page by Tab, type, and press Enter and Space."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.e2e.people import Person

#: So many presses of Tab nobody bears.
PATIENCE = 150
IS_FOCUSED = "element => element === document.activeElement"
FOCUS_IS_SEEN = """element => {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight && box.width > 0;
}"""
OPTIONS = "element => [...element.options].map((one) => one.label.trim())"


class Keys:
    """What a person does with a keyboard only; nothing here points or puts the focus anywhere."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page: Page = person.page
        self.presses = 0

    def reach(self, place: Locator, *, back: bool = False) -> None:
        """Press Tab until something has the focus, which must be seen then."""
        element = place.element_handle()
        for _press in range(PATIENCE):
            if element.evaluate(IS_FOCUSED):
                assert element.evaluate(FOCUS_IS_SEEN), place
                return
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            self.presses += 1
        msg = f"{place} is not reached by {PATIENCE} presses of Tab"
        raise AssertionError(msg)

    def go(self, place: Locator, *, back: bool = False) -> None:
        """Follow a link or press a button; a new page comes."""
        self.reach(place, back=back)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def link(self, name: str, *, inside: str = "body") -> None:
        """Follow the first link with exactly these words."""
        self.go(self.page.locator(inside).get_by_role("link", name=name, exact=True).first)

    def tab(self, name: str) -> None:
        """Go to another part of the draft; from a place inside the page that is the way back."""
        tabs = self.page.locator(".app-studio__tabs")
        inside = bool(self.page.evaluate("location.hash"))
        self.go(tabs.get_by_role("link", name=name, exact=True), back=inside)

    def button(self, name: str, *, inside: str = "body") -> None:
        """Press the first button with exactly these words."""
        self.go(self.page.locator(inside).get_by_role("button", name=name, exact=True).first)

    def write(self, place: Locator, text: str) -> None:
        """Put a text into a field, instead of what stands there."""
        self.reach(place)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)
        assert place.input_value() == text

    def choose(self, place: Locator, words: str) -> None:
        """Choose from a list by the arrows."""
        self.reach(place)
        options = place.evaluate(OPTIONS)
        wanted = next(number for number, one in enumerate(options) if one.startswith(words))
        self.page.keyboard.press("Home")
        for _number in range(wanted):
            self.page.keyboard.press("ArrowDown")
        assert place.evaluate("element => element.selectedIndex") == wanted

    def tick(self, place: Locator) -> None:
        """Tick a box."""
        self.reach(place)
        self.page.keyboard.press("Space")
        assert place.is_checked()
