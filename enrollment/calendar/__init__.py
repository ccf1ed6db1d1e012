"""The bureau's calendar: holidays and make-up days by year, and terms in working days."""
