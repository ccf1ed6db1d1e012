"""What is on record behind the settled year: certificates, applications, filings."""
