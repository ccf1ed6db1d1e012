"""The demonstration county: invented people and institutions, put in through the services."""
