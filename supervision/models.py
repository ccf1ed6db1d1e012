"""The app's models, each defined in its room."""
