"""Where public data sets' files can be fetched from."""

from typing import NamedTuple


class Source(NamedTuple):
    """A file that is published.

    Attributes
    ----------
    url : str
        Its last part is the file's name.
    md5 : str
        Checksum that its publisher gives, in hex.
    """

    url: str
    md5: str

    @property
    def file(self) -> str:
        """The file's name."""
        return self.url.rpartition("/")[2]
