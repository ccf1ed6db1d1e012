"""The past can change: corrections of a resident's settled year (更正)."""
