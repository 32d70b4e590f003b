"""Places: the map that is a list, and what registers know of each place."""

from __future__ import annotations

import re

import pytest

from workflow_app.domain.maps import WIDTH

TARGETS = {"Goris", "Kajaran", "Kapan", "Meghri", "Sisian", "Tatev", "Tegh"}


@pytest.fixture
def accredited(office):
    """Return the number of a certificate in Goris that has just been issued."""
    office.play("accreditation/renewal")
    return "CERT-AM-2026-0001"


def test_the_map_holds_the_same_places_as_the_list(visitor):
    page = visitor.get("/places")
    syunik = page.soup.select("section.app-part")
    (part,) = [one for one in syunik if "Kapan" in one.get_text()]
    drawn = {(a.get_text(strip=True), a["href"]) for a in part.select("svg a")}
    listed = {(a.get_text(strip=True), a["href"]) for a in part.select(".app-places__name")}
    assert drawn == listed
    assert {name for name, _address in drawn} == TARGETS


def test_the_places_of_the_map_lie_as_on_the_earth(visitor):
    page = visitor.get("/places/AM-SU")
    spots = {
        a.select_one("text").get_text(): a.select_one("circle") for a in page.soup.select("svg a")
    }
    assert set(spots) == TARGETS
    south, north = float(spots["Meghri"]["cy"]), float(spots["Goris"]["cy"])
    west, east = float(spots["Sisian"]["cx"]), float(spots["Tegh"]["cx"])
    assert north < south
    assert west < east
    assert all(0 < float(one["cx"]) < WIDTH for one in spots.values())


def test_a_place_shows_its_services_with_their_state(visitor, accredited):
    page = visitor.get("/places/AM-SU-GORIS")
    assert page.title == "Goris"
    assert "Accredited providers" in page.all("main h2")
    assert page.one(f"a[href='/registers/accredited_providers/{accredited}']")
    assert "In force" in page.all(".app-register td")
    assert page.all(".govuk-breadcrumbs__link") == ["Places", "Armenia", "Syunik"]
    whole = visitor.get("/registers/accredited_providers?place=AM-SU-GORIS")
    assert accredited in whole.text


@pytest.mark.usefixtures("accredited")
def test_a_region_knows_what_its_places_know(visitor):
    page = visitor.get("/places/AM-SU")
    assert "Accredited providers" in page.all("main h2")
    goris = [li for li in page.soup.select(".app-places > li") if "Goris" in li.get_text()]
    assert re.search(r"Accredited providers\s*2", goris[0].get_text())
    assert "Accredited providers" not in visitor.get("/places/AM-TV").all("main h2")


def test_a_place_nothing_is_known_of_says_so(visitor):
    page = visitor.get("/places/GE-SK-GORI")
    assert "The registers know nothing of this place yet" in page.text
    visitor.get("/places/NOWHERE", status=404)


@pytest.mark.usefixtures("accredited")
def test_programs_read_places_too(visitor):
    tree = visitor.client.get("/places.json").get_json()
    assert {one["name"] for one in tree if "target" in one["flags"]} == TARGETS
    goris = visitor.client.get("/places/AM-SU-GORIS.json").get_json()
    assert (goris["parent"], goris["level"]) == ("AM-SU", "community")
    (register,) = [r for r in goris["registers"] if r["register"] == "accredited_providers"]
    assert len(visitor.client.get(register["entries"]).get_json()) == 2


@pytest.mark.parametrize("language", ["hy", "ka", "uk", "ru"])
def test_names_of_places_are_in_the_reader_s_language(visitor, language):
    page = visitor.get(f"/places/AM-SU?lang={language}")
    labels = page.all("svg text")
    assert len(labels) == len(TARGETS)
    assert not [one for one in labels if re.search(r"[A-Za-z]", one)]
