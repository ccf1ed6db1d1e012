"""PostgreSQL and Redis from wheels, for a machine without servers."""
