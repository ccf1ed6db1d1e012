"""Recoveries and fines: two ledgers that never net."""
