"""Quotes of person-years from JSON lines: reading, refusing, answering. Imports no Django."""
