"""Importing an enrolment roll of any size."""
