"""The book of policies: schemes as documents, their timeline, differences, proposals."""
