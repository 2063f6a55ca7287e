"""Small Excel workbooks, as other programs write them."""

from html import escape

from tests.support.examples.sample_files import make_zip

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_WORKBOOK}"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET}"/></Types>'
)
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def make_workbook(
    *rows: tuple[object, ...],
    raw: str = "",
    hidden: tuple[object, ...] = (),
    others: tuple[tuple[tuple[object, ...], ...], ...] = (),
) -> bytes:
    """Build a workbook; texts become texts, integers numbers, floats times, and None an empty cell.

    Args:
        rows: of the first visible sheet.
        raw: further XML behind the rows.
        hidden: the row of a hidden sheet in front; without one there is no such sheet.
        others: the rows of further visible sheets, ``Sheet3`` and so on.
    """
    numbers = range(3, 3 + len(others))
    more = "".join(f'<sheet name="Sheet{one}" sheetId="{one}" r:id="rId{one + 1}"/>' for one in numbers)
    parts = {
        f"xl/worksheets/sheet{one}.xml": _sheet(*rows) for one, rows in zip(numbers, others, strict=True)
    }
    hidden_sheet = '<sheet name="Lists" sheetId="2" state="hidden" r:id="rId3"/>' if hidden else ""
    return make_zip(
        {
            "[Content_Types].xml": _TYPES.encode(),
            "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": (
                f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
                f'{hidden_sheet}<sheet name="Leads" sheetId="1" r:id="rId1"/>{more}</sheets></workbook>'
            ).encode(),
            "xl/_rels/workbook.xml.rels": _relations(
                ("worksheet", "worksheets/sheet1.xml"),
                ("styles", "styles.xml"),
                ("worksheet", "worksheets/sheet2.xml"),
                *(("worksheet", f"worksheets/sheet{one}.xml") for one in numbers),
            ),
            "xl/styles.xml": _STYLES.encode(),
            "xl/worksheets/sheet1.xml": _sheet(*rows, raw=raw),
            "xl/worksheets/sheet2.xml": _sheet(hidden),
            **parts,
        }
    )


def _sheet(*rows: tuple[object, ...], raw: str = "") -> bytes:
    cells = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{cells}{raw}</sheetData></worksheet>'.encode()


def _relations(*targets: tuple[str, str]) -> bytes:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'.encode()


def _cell(value: object) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    style = ' s="1"' if isinstance(value, float) else ""
    return f"<c{style}><v>{value!r}</v></c>"
