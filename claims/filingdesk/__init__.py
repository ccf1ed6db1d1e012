"""Care outside the area on the screen: filings, slips and their rules."""
