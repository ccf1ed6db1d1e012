"""Where a JPEG or PNG ends, whatever stands behind it; pure."""

_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
_IN_SCAN = frozenset({0x00, *range(0xD0, 0xD8)})  # what follows FF inside of coded data
_PNG_HEAD = 8


class PictureDamaged(ValueError):
    """The picture breaks off or is none."""


def end_of_png(content: bytes) -> int:
    """Behind the chunk IEND."""
    place = _PNG_HEAD
    while place + 12 <= len(content):
        size = int.from_bytes(content[place : place + 4], "big")
        name = content[place + 4 : place + 8]
        place += 12 + size
        if name == b"IEND" and place <= len(content):
            return place
    raise PictureDamaged


def end_of_jpeg(content: bytes) -> int:
    """Behind the marker that ends the image, past whatever thumbnails its segments hold."""
    place = 2
    while place + 1 < len(content):
        if content[place] != 0xFF:
            raise PictureDamaged
        marker = content[place + 1]
        if marker == 0xFF:  # a byte to fill up
            place += 1
        elif marker == _END_OF_IMAGE:
            return place + 2
        elif marker in _ALONE:
            place += 2
        else:
            place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
            if marker == _START_OF_SCAN:
                place = _end_of_scan(content, place)
    raise PictureDamaged


def _end_of_scan(content: bytes, place: int) -> int:
    """The next marker behind coded data."""
    while True:
        place = content.find(b"\xff", place)
        if place < 0 or place + 1 >= len(content):
            raise PictureDamaged
        if content[place + 1] not in _IN_SCAN:
            return place
        place += 2
