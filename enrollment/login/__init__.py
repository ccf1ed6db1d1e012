"""Logging in: throttled attempts, the idle end of a session, the second step by a code."""
