"""One resident's or one institution's whole story on one page, told by every app in sections."""
