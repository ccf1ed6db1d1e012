"""A settled year behind the demonstration: the county's volumes, drawn, stored, settled, paid."""
