"""Certificates of special outpatient diseases: who holds one, from when to when."""
