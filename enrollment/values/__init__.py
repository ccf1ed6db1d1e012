"""Plain values that every app shares: money, periods, identifiers. Imports no Django."""
