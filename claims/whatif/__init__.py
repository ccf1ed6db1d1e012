"""What if: a draft policy run on the settled claims of a year, against the approved one."""
