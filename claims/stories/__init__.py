"""What claims tell on the page of a resident and of an institution: claims, counters, payments."""
