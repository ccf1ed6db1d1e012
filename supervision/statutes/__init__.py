"""Statutory articles and their multiples, dated. Imports no Django."""
