"""Enrolment: residents, coverage, institutions; and what all three apps share."""
