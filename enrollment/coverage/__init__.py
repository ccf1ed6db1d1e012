"""Enrolment by year, premium standards and government subsidies."""
