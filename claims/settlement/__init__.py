"""The night: approved claims become frozen breakdowns, movements and orders."""
