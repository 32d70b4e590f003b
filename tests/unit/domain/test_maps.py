"""A map's spots keep their distances, and labels avoid each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.domain.maps import LETTER, LINE, TALLEST, WIDTH, Point, drawing_of


def point(key, latitude, longitude, label=None):
    return Point(key=key, label=label or key, latitude=latitude, longitude=longitude)


SEVEN = [
    point("Kapan", 39.21, 46.41),
    point("Kajaran", 39.15, 46.16),
    point("Meghri", 38.90, 46.24),
    point("Goris", 39.51, 46.34),
    point("Sisian", 39.52, 46.03),
    point("Tatev", 39.38, 46.25),
    point("Tegh", 39.56, 46.48),
]


def box(spot):
    width = len(spot.label) * LETTER
    left = {"start": 0, "end": width, "middle": width / 2}[spot.anchor]
    return (
        spot.text_x - left,
        spot.text_y - LINE + 4,
        spot.text_x - left + width,
        spot.text_y + 3,
    )


def overlap(one, other):
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > 1 and down > 1


def test_labels_of_the_seven_do_not_lie_over_each_other_nor_outside():
    drawing = drawing_of(SEVEN)
    boxes = [box(spot) for spot in drawing.spots]
    pairs = [(a, b) for n, a in enumerate(boxes) for b in boxes[n + 1 :]]
    assert not [pair for pair in pairs if overlap(*pair)]
    assert all(one[0] >= 0 and one[2] <= WIDTH for one in boxes)


def test_north_is_up_and_east_is_right():
    spots = {one.key: one for one in drawing_of(SEVEN).spots}
    assert spots["Tegh"].y < spots["Kapan"].y < spots["Meghri"].y
    assert spots["Sisian"].x < spots["Tatev"].x < spots["Tegh"].x


@pytest.mark.parametrize("points", [SEVEN[:2], [SEVEN[0], point("same", 39.21, 46.41)]])
def test_few_points_and_points_on_one_spot_are_drawn(points):
    drawing = drawing_of(points)
    assert len(drawing.spots) == len(points)
    assert drawing.height > 0


places = st.tuples(st.floats(-60, 60), st.floats(-170, 170))


@given(st.lists(places, min_size=2, max_size=25))
def test_every_spot_lies_inside_whatever_the_places(found):
    points = [point(f"p{n}", *place) for n, place in enumerate(found)]
    drawing = drawing_of(points)
    assert drawing.height <= TALLEST + 1
    for spot in drawing.spots:
        assert 0 <= spot.x <= WIDTH
        assert 0 <= spot.y <= drawing.height
