"""A list as a file: exactly what is shown, and a log of what left the portal."""
