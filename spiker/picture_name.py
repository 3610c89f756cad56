"""Names of pictures: their ending says what is written."""

from pathlib import Path

from spiker.errors import ConfigError

ENDINGS = (".png", ".svg")


def require_picture_name(path: str | Path) -> None:
    """Require a name that says whether a picture becomes a PNG or an SVG file."""
    if Path(path).suffix.lower() not in ENDINGS:
        raise ConfigError(f"{path} isn't the name of a picture; allowed endings: {', '.join(ENDINGS)}")
