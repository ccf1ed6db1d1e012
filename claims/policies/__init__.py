"""Benefit policies as the bureau approved them: dated rows with their sources."""
