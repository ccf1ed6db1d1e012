"""Supervision: inspections, cases, penalties."""
