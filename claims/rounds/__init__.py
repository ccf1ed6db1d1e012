"""Rounds of corrections: many settled years calculated anew for one cause, decided together."""
