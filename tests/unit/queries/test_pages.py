import pytest

from workflow_app.queries.pages import Cursor, make_page, read_cursor, write_cursor


def page_of(numbers, cursor=None, size=2):
    """Read a page as a query would: up to size + 1 rows in the cursor's direction."""
    if cursor is None:
        found = numbers
    elif cursor.backwards:
        found = [n for n in reversed(numbers) if n < cursor.keys[0]]
    else:
        found = [n for n in numbers if n > cursor.keys[0]]
    return make_page(found[: size + 1], cursor, lambda n: (n,), size)


def test_pages_lead_through_all_rows_and_back():
    numbers, seen, page = [1, 2, 3, 4, 5], [], page_of([1, 2, 3, 4, 5])
    assert page.previous is None
    while True:
        seen.append(list(page.rows))
        if page.next is None:
            break
        page = page_of(numbers, read_cursor(page.next))
    assert seen == [[1, 2], [3, 4], [5]]
    back = page_of(numbers, read_cursor(page.previous))
    assert list(back.rows) == [3, 4]
    first = page_of(numbers, read_cursor(back.previous))
    assert (list(first.rows), first.previous) == ([1, 2], None)


@pytest.mark.parametrize(
    "text", ["", None, "§", "bm90IGpzb24=", "WzEsMl0=", "W3siYSI6MX0sIGZhbHNlXQ=="]
)
def test_a_tampered_cursor_is_the_first_page(text):
    assert read_cursor(text) is None


def test_a_cursor_survives_the_address():
    assert read_cursor(write_cursor(["2026-01-01", 7], backwards=True)) == Cursor(
        ("2026-01-01", 7), backwards=True
    )
