"""Tables that people upload, in the shapes that spreadsheets write."""

import io
from zipfile import ZipFile

import pytest

from workflow_app.adapters.tables import TableUnreadable, read_table

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'
)
WORKBOOK = (
    f'<workbook xmlns="{SHEET}" xmlns:r="{LINK}"><sheets>'
    '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>'
)
STYLES = (
    f'<styleSheet xmlns="{SHEET}"><numFmts><numFmt numFmtId="170" formatCode="dd/mm/yyyy"/>'
    '</numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs>'
    "</styleSheet>"
)


def workbook(rows, *, shared="", parts=()):
    """Return a workbook with these rows of XML in its first sheet."""
    buffer = io.BytesIO()
    held = {
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<sst xmlns="{SHEET}">{shared}</sst>',
        "xl/worksheets/sheet1.xml": (
            f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>'
        ),
    }
    with ZipFile(buffer, "w") as packed:
        for name, text in held.items():
            if name not in parts:
                packed.writestr(name, text)
    return buffer.getvalue()


def lines(data):
    return [(line.number, line.cells) for line in read_table(data)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_in_each_shape(encoding, separator):
    text = f"code{separator}name\r\n1{separator}Կապան\r\n\r\n2{separator}“Ա”\r\n"
    assert lines(text.encode(encoding)) == [
        (1, ("code", "name")),
        (2, ("1", "Կապան")),
        (4, ("2", "“Ա”")),
    ]


def test_lines_are_counted_where_they_begin():
    text = 'code,name\n1,"two\nlines"\n2,last\n'
    assert [number for number, _cells in lines(text.encode())] == [1, 2, 4]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("կոդ".encode("utf-16-le"), "UTF-8"),
        ("код;назва".encode("cp1251"), "UTF-8"),
        (b"a,b\n\0,1\n", "UTF-8"),
        (b'a,b\n"1,2\n', "Line 2"),
        (b"PK\x03\x04 broken", "workbook"),
    ],
)
def test_what_cannot_be_read_says_why(data, said):
    with pytest.raises(TableUnreadable) as caught:
        lines(data)
    assert said in str(caught.value)


def test_a_workbook_is_read_with_its_texts_numbers_and_dates():
    shared = "<si><t>code</t></si><si><r><t>two </t></r><r><t>runs</t></r></si>"
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>in line</t></is></c><c r="B3"><v>12.5</v></c>'
        '<c r="C3" s="1"><v>46348</v></c><c r="D3" s="2"><v>46348.75</v></c></row>'
    )
    assert lines(workbook(rows, shared=shared)) == [
        (1, ("code", "", "two runs")),
        (3, ("in line", "12.5", "2026-11-22", "2026-11-22T18:00")),
    ]


@pytest.mark.parametrize("missing", ["xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"])
def test_a_workbook_without_its_parts_says_so(missing):
    with pytest.raises(TableUnreadable, match="no sheet"):
        lines(workbook("<row/>", parts=[missing]))


def test_more_columns_than_anybody_means_are_refused():
    with pytest.raises(TableUnreadable, match="200 columns"):
        lines((",".join("x" * 201)).encode())


def test_entities_of_a_workbook_are_not_resolved():
    bomb = workbook('<row r="1"><c r="A1" t="inlineStr"><is><t>&amp;lol;</t></is></c></row>')
    assert lines(bomb) == [(1, ("&lol;",))]
