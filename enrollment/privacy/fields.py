"""A model field that the database never sees in the clear."""

from typing import Any

from django.db import models

from enrollment.privacy.crypto import seal, unseal


class SealedTextField(models.BinaryField):  # type: ignore[type-arg]
    """Text kept encrypted (AES-256-GCM); on the instance it is a `str`.

    It cannot be filtered on: search goes through a digest column beside it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> str | None:
        """Decrypt on load."""
        return None if value is None else unseal(bytes(value))

    def to_python(self, value: Any) -> Any:
        """Forms and serialisers already give text."""
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Encrypt on save."""
        if isinstance(value, str):
            value = seal(value)
        return super().get_db_prep_value(value, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only `isnull` makes sense on a sealed value, and for triggers whether a row's differs."""
        known = ("isnull", "df", "ndf")
        return super().get_lookup(lookup_name) if lookup_name in known else None

    def value_to_string(self, obj: models.Model) -> str:
        """For serialisers: nothing leaves in the clear by accident."""
        return ""
