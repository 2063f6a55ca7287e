"""Compound files, the containers of old Office documents: the names of their streams, and encryption.

The structure is that of [MS-CFB]; the flag of encrypted Word documents that of [MS-DOC], section 2.5.2.
"""

import struct
from collections.abc import Iterator

from attrs import frozen

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")

_MAX_DIRECTORY_SECTORS = 4_096  # more than any document has
_SECTORS_IN_HEADER, _FIRST_FAT_SECTOR_AT = 109, 76
_ENTRY_BYTES, _IS_ENCRYPTED = 128, 0x0100
_PACKAGE = "EncryptedPackage"
_OTHER_PROGRAMS = {"Workbook", "Book", "PowerPoint Document", "__properties_version1.0"}


@frozen
class CompoundFile:
    """The directory of a compound file.

    Attributes:
        streams: the offsets of the streams in the content, by name; empty if the directory is damaged.
    """

    _content: bytes
    streams: dict[str, int]

    @classmethod
    def of(cls, content: bytes) -> "CompoundFile":
        """Read the directory of a file that begins with MAGIC."""
        try:
            return cls(content, dict(_entries(content)))
        except (struct.error, UnicodeDecodeError):
            return cls(content, {})

    @property
    def is_encrypted(self) -> bool:
        """True if the document is protected by a password."""
        if not self.streams:
            return _PACKAGE.encode("utf-16-le") in self._content
        start = self.streams.get("WordDocument")
        flags = self._content[start + 10 : start + 12] if start is not None else b""
        return _PACKAGE in self.streams or bool(int.from_bytes(flags, "little") & _IS_ENCRYPTED)

    @property
    def is_of_other_program(self) -> bool:
        """True for spreadsheets, presentations and e-mails."""
        return "WordDocument" not in self.streams and not _OTHER_PROGRAMS.isdisjoint(self.streams)


def _entries(content: bytes) -> Iterator[tuple[str, int]]:
    (shift,) = struct.unpack_from("<H", content, 30)
    if shift not in {9, 12}:
        return
    size = 1 << shift
    for sector in _directory_sectors(content, size):
        for at in range((sector + 1) * size, (sector + 2) * size, _ENTRY_BYTES):
            name_bytes, _ = struct.unpack_from("<HB", content, at + 64)
            (start,) = struct.unpack_from("<I", content, at + 116)
            name = content[at : at + min(max(name_bytes - 2, 0), 62)].decode("utf-16-le")
            if name:
                yield name, (start + 1) * size


def _directory_sectors(content: bytes, size: int) -> Iterator[int]:
    (sector,) = struct.unpack_from("<I", content, 48)
    table = struct.unpack_from(f"<{_SECTORS_IN_HEADER}I", content, _FIRST_FAT_SECTOR_AT)
    for _ in range(_MAX_DIRECTORY_SECTORS):
        if (sector + 1) * size >= len(content):
            return
        yield sector
        block, index = divmod(sector, size // 4)
        if block >= len(table):
            return
        (sector,) = struct.unpack_from("<I", content, (table[block] + 1) * size + index * 4)
