"""Import jobs: rolls handed in by a page, worked through by a Celery worker."""
