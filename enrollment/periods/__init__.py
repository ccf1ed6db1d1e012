"""How dated periods are kept from overlapping, without a database extension."""
