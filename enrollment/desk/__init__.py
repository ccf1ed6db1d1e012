"""The admin site, its base classes and the work desk."""
