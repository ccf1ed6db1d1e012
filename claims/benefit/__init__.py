"""The benefit calculator: pure functions over dated parameters. Imports no Django."""
