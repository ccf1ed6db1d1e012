"""Administrative divisions: county, townships, villages."""
