"""Reads a workbook with openpyxl or a text document with python-docx, and prints what it found as JSON.

    read_document.py FILE.xlsx|FILE.docx

Knows nothing of what ought to be in it: whoever runs it compares.
"""

import datetime
import json
import sys

import docx
import openpyxl


def cell(found):
    value, kind = found.value, found.data_type
    if isinstance(value, datetime.timedelta):
        value, kind = round(value.total_seconds() / 60), "minutes"
    elif isinstance(value, datetime.datetime):
        value, kind = value.date().isoformat(), "date"
    elif isinstance(value, datetime.time):
        value, kind = value.strftime("%H:%M"), "time"
    return {"kind": kind, "value": value, "format": found.number_format, "quoted": bool(found.quotePrefix)}


def workbook(path):
    book = openpyxl.load_workbook(path)
    return {
        "title": book.properties.title,
        "created": book.properties.created.isoformat(),
        "sheets": [
            {
                "name": sheet.title,
                "frozen": sheet.freeze_panes,
                "filter": sheet.auto_filter.ref,
                "repeated": sheet.print_title_rows,
                "paper": sheet.page_setup.paperSize,
                "rows": [[cell(found) for found in row] for row in sheet.iter_rows()],
            }
            for sheet in book.worksheets
        ],
    }


def text(path):
    document = docx.Document(path)
    section = document.sections[0]
    header = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}tblHeader"
    return {
        "title": document.core_properties.title,
        "created": document.core_properties.created and document.core_properties.created.isoformat(),
        "margins_mm": [
            round(margin.mm, 1)
            for margin in (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
        ],
        "paragraphs": [[paragraph.style.name, paragraph.text] for paragraph in document.paragraphs],
        "footers": [footer.paragraphs[0].text for footer in (section.footer, section.even_page_footer)],
        "pictures": len(document.inline_shapes),
        "tables": [
            {
                "rows": [[found.text for found in row.cells] for row in table.rows],
                "headers": [row._tr.trPr is not None and row._tr.trPr.find(header) is not None for row in table.rows],
            }
            for table in document.tables
        ],
    }


path = sys.argv[1]
json.dump(workbook(path) if path.endswith(".xlsx") else text(path), sys.stdout, ensure_ascii=False)
