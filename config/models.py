"""No models.

Without this module Django sends no `post_migrate` for the app, and the roles of
`config.roles` would never reach the database.
"""
