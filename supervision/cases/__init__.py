"""Fraud-inspection cases."""
