"""Spreadsheets of what staff keep by hand: checked, shown change by change, confirmed, entered."""
