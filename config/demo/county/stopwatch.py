"""How long each stage of a load takes, told while it goes on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from django.db import connection
from django.utils.functional import Promise

Tell = Callable[[object], None]


class Stopwatch:
    """Adds up the seconds of each stage and tells its beginning.

    At the end of a stage the checks that the database keeps for the end of a transaction are
    done: a county's worth of them would not fit in its memory.
    """

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str, words: str | Promise = "") -> Iterator[None]:
        """Time the block; a stage may come again and adds to what it had."""
        if words:
            self.tell(words)
        started = perf_counter()
        try:
            yield
            if connection.in_atomic_block:
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        finally:
            took = perf_counter() - started
            self.seconds[name] = self.seconds.get(name, 0) + took
