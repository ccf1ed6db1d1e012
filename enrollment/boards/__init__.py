"""Figures on the work desk, for those who steer, audit or keep the machines running."""
