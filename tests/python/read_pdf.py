#!/usr/bin/env python3
"""Reads a PDF with pdfminer.six, which we did not write, and prints what is in it as JSON: every character with its
face, size and place in points from the bottom left, every line that is drawn, and what the catalogue says.

    read_pdf.py FILE
"""

import json
import sys

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTContainer, LTCurve
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1
from pdfminer.psparser import PSLiteral


def plain(value):
    """A PDF object as JSON has it, without following references."""
    value = resolve1(value)
    if isinstance(value, bytes):
        return value.decode("utf-16") if value.startswith(b"\xfe\xff") else value.decode("utf-8", "replace")
    return value.name if isinstance(value, PSLiteral) else value


def tags(element, seen):
    """How often each kind of structure element stands in the tree."""
    element = resolve1(element)
    if isinstance(element, list):
        for below in element:
            tags(below, seen)
    elif isinstance(element, dict):
        if "S" in element:
            name = plain(element["S"])
            seen[name] = seen.get(name, 0) + 1
        if "K" in element:
            tags(element["K"], seen)
    return seen


def pieces(container, characters, drawn):
    for piece in container:
        if isinstance(piece, LTChar):
            baseline = piece.matrix[5]
            characters.append([piece.get_text(), piece.fontname, piece.size, piece.x0, piece.x1, baseline])
        elif isinstance(piece, LTCurve):
            drawn.append([piece.x0, piece.y0, piece.x1, piece.y1])
        if isinstance(piece, LTContainer):
            pieces(piece, characters, drawn)


def main():
    with open(sys.argv[1], "rb") as file:
        document = PDFDocument(PDFParser(file))
        catalogue = document.catalog
        device = PDFPageAggregator(PDFResourceManager(), laparams=None)
        interpreter = PDFPageInterpreter(device.rsrcmgr, device)
        pages = []
        for page in PDFPage.create_pages(document):
            interpreter.process_page(page)
            layout = device.get_result()
            characters, drawn = [], []
            pieces(layout, characters, drawn)
            pages.append({"width": layout.width, "height": layout.height, "characters": characters, "drawn": drawn})
        structure = resolve1(catalogue.get("StructTreeRoot"))
        json.dump(
            {
                "pages": pages,
                "title": plain(document.info[0].get("Title", b"")),
                "language": plain(catalogue.get("Lang", b"")),
                "is_tagged": bool(plain(resolve1(catalogue.get("MarkInfo", {})).get("Marked", False))),
                "shows_title": bool(plain(resolve1(catalogue.get("ViewerPreferences", {})).get("DisplayDocTitle", False))),
                "tags": tags(structure, {}) if structure else {},
                "metadata": resolve1(catalogue["Metadata"]).get_data().decode(),
            },
            sys.stdout,
            ensure_ascii=False,
        )


main()
