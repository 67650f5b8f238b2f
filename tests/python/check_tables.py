"""Reads exported tables with DuckDB, pandas, pyarrow and openpyxl, and holds them against each other cell by cell.

Usage: check_tables.py DIRECTORY NOTICE.json
DIRECTORY has a directory for each format: csv, ndjson, xlsx, parquet. The notice is of the organisation that was exported.
Ends with 0 and says what it compared, or stops at the first difference.
"""

import csv
import datetime
import decimal
import json
import pathlib
import sys

import duckdb
import openpyxl
import pandas
import pyarrow.parquet

UTC = datetime.timezone.utc
SHANGHAI = datetime.timedelta(hours=8)


def spelled(value):
    """A value as CSV has it."""
    if value is None or value is pandas.NaT:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, decimal.Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime.datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(value)


def of_pandas(value):
    """A value of a frame as CSV has it: where whole numbers have gaps, pandas makes floats of them."""
    if value is pandas.NA or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return spelled(value.to_pydatetime() if isinstance(value, pandas.Timestamp) else value)


def unguarded(text):
    """A text without the apostrophe that keeps it from being a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@\t\r" else text


def from_csv(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    return head, [[unguarded(cell) for cell in row] for row in rows]


def from_ndjson(path, head):
    rows = [json.loads(line) for line in open(path, encoding="utf-8")]
    assert all(list(row) == sorted(head) or list(row) == head for row in rows), path
    return [[spelled(row[column]) for column in head] for row in rows]


def from_workbook(path, types):
    """Times are local there; the types are those of the Parquet file."""
    (sheet,) = openpyxl.load_workbook(path).worksheets
    assert sheet.freeze_panes == "A2", path
    _, *rows = sheet.iter_rows()
    return [[from_cell(cell, of) for cell, of in zip(row, types, strict=True)] for row in rows]


def from_cell(cell, of):
    assert cell.data_type != "f", f"{cell.coordinate} is a formula"
    value = cell.value
    if value is None:
        return ""
    if pyarrow.types.is_timestamp(of):
        assert isinstance(value, datetime.datetime), cell.coordinate
        seconds = round(value.replace(tzinfo=UTC).timestamp())
        return spelled(datetime.datetime.fromtimestamp(seconds, UTC) - SHANGHAI)
    if pyarrow.types.is_date(of):
        return value.date().isoformat()
    if pyarrow.types.is_decimal(of):
        assert isinstance(value, (int, float)), cell.coordinate
        return f"{value:.2f}"
    if pyarrow.types.is_integer(of):
        assert isinstance(value, int), cell.coordinate
    return spelled(value)


def from_parquet(path):
    table = pyarrow.parquet.read_table(path)
    return table, [[spelled(value) for value in row.values()] for row in table.to_pylist()]


def main(directory, notice):
    directory = pathlib.Path(directory)
    compared = 0
    for path in sorted((directory / "parquet").glob("*.parquet")):
        name = path.stem
        table, rows = from_parquet(path)
        head, delimited = from_csv(directory / "csv" / f"{name}.csv")
        types = [table.schema.field(column).type for column in head]
        assert head == table.column_names, name
        same(name, "CSV", rows, delimited)
        same(name, "NDJSON", rows, from_ndjson(directory / "ndjson" / f"{name}.ndjson", head))
        same(name, "XLSX", rows, from_workbook(directory / "xlsx" / f"{name}.xlsx", types))
        connection = duckdb.connect()
        connection.execute("SET TimeZone = 'UTC'")
        queried = connection.execute(f"SELECT * FROM read_parquet('{path}')").fetchall()
        same(name, "DuckDB", rows, [[spelled(value) for value in row] for row in queried])
        frame = pandas.read_parquet(path)
        assert list(frame.columns) == head, name
        same(name, "pandas", rows, [[of_pandas(value) for value in row] for row in frame.itertuples(index=False)])
        compared += len(rows) * len(head)
        print(f"{name}: {len(rows)} rows")
    as_the_notice(directory, json.load(open(notice, encoding="utf-8"))["notice"])
    print(f"{compared} cells are the same in every format")


def same(name, what, rows, others):
    assert len(rows) == len(others), f"{name}: {len(rows)} rows, {len(others)} in {what}"
    for number, (row, other) in enumerate(zip(rows, others)):
        assert row == list(other), f"{name}, row {number}: {row} in Parquet, {other} in {what}"


def as_the_notice(directory, notice):
    """The lines and figures of an issued notice are those of the tables."""
    month = notice["month"]
    query = "SELECT rank, points, voluntary_minutes, right(member, 4) FROM read_parquet(?) WHERE month = ? ORDER BY rank, member"
    rows = duckdb.execute(query, [str(directory / "parquet/member_months.parquet"), month]).fetchall()
    lines = [
        (line["rank"], decimal.Decimal(line["points"]), line["voluntary_minutes"], line["number_tail"])
        for line in notice["members"]
    ]
    assert sorted(rows) == sorted(lines), "the members' lines of the notice aren't those of member_months"
    query = "SELECT points, due, enrollment, patrol_sign_up, participation FROM read_parquet(?) WHERE month = ? AND organization = ?"
    (row,) = duckdb.execute(query, [str(directory / "parquet/months.parquet"), month, notice["organization"]]).fetchall()
    rate = lambda name: decimal.Decimal(notice["rates"][name]["percent_hundredths"]) / 100
    figures = (
        decimal.Decimal(notice["totals"]["points"]), notice["due"], rate("enrollment"), rate("patrol_sign_up"), rate("participation")
    )
    assert row == figures, f"{row} in months, {figures} in the notice"
    query = "SELECT member, month, sum(points) FROM read_parquet(?) GROUP BY ALL HAVING sum(points) <> 0 ORDER BY ALL"
    items = duckdb.execute(query, [str(directory / "parquet/point_items.parquet")]).fetchall()
    query = "SELECT member, month, points FROM read_parquet(?) WHERE points <> 0 ORDER BY ALL"
    sums = duckdb.execute(query, [str(directory / "parquet/member_months.parquet")]).fetchall()
    assert items == sums, "the items of a member's month don't add up to its points"


main(*sys.argv[1:])
