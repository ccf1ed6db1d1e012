"""The demonstration: every server and process of the portal on one machine, by one command."""
