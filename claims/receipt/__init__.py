"""The acceptance receipt (受理回执): what was handed in, what is missing, when it is decided."""
