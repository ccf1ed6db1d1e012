"""Care outside the area (异地就医): filings and referrals, and what they make of a claim."""
