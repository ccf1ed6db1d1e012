"""Which benefit schemes there are: claims own them and say so when they are loaded."""

from collections.abc import Callable

Choice = tuple[str, str]
SchemeChoices = Callable[[], list[Choice]]

_providers: list[SchemeChoices] = []


def register_schemes(choices: SchemeChoices) -> None:
    """Name the source of code and name of each scheme, in the reader's language."""
    _providers.append(choices)


def scheme_choices() -> list[Choice]:
    """Code and name of every scheme that an app has named."""
    return [choice for provider in _providers for choice in provider()]
