"""Why a file is not read."""


class SheetRefused(ValueError):
    """The whole file is refused; the message says what, where and what to do."""
