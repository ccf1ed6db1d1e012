"""The benefit statement (补偿清单) of a settled claim, for the resident."""
