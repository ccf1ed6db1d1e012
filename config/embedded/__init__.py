"""PostgreSQL and Redis from wheels, for a machine without servers.

Both listen on Unix sockets only, start at the first connection, keep running afterwards and
are seen and stopped by `manage.py servers`. Development and demonstration only: refused when
DEBUG is off. Why and how: docs/decisions/0001-embedded-servers.md.
"""
