"""Your own pictures: a folder with a folder for each class."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import Field

from spiker.errors import ConfigError, FormatError, ToolNotFoundError
from spiker.input_file import existing_file
from sw.data.classes import is_hidden, numbered
from sw.data.dataset import SPLITS, Dataset, SplitName
from sw.data.folder import data_folder, how_to_name_it
from sw.data.options import Options
from sw.data.value_split import ValueSplit

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".pgm", ".ppm", ".webp")
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "PPM", "WEBP")
"""Pillow looks at the content, not at the ending; for others, such as EPS, it would run a program."""
BITS_PER_SAMPLE, PHOTOMETRIC, WHITE_IS_ZERO = 258, 262, 0
"""TIFF's tags (TIFF 6.0, section 8), and a value; Pillow itself turns round what has 8 bits."""
MOST_PIXELS = 2**26
"""Of a picture, before it's made smaller."""


class PictureOptions(Options):
    """Size, and how the pictures are divided where there are no folders train and test."""

    rows: int | None = Field(None, ge=1, le=4096)
    """Pictures are brought to this size; unless given, all must have the same size."""
    columns: int | None = Field(None, ge=1, le=4096)
    test_part: float = Field(0.2, gt=0, lt=1)
    """Part of the pictures that is for testing, where there are no folders train and test."""


class Pictures(Dataset):
    """Grey values of 0 to 255; classes are numbered in the order of their folders' names, training's."""

    name = "pictures"
    about = "your own pictures, a folder for each class"
    files = ("train/<class>/* and test/<class>/*, or <class>/*",)
    options_type = PictureOptions
    maximum = 255

    def __init__(self, data_dir: Path | None, options: PictureOptions) -> None:
        super().__init__(data_dir, options)
        self._wanted = options
        if (options.rows is None) != (options.columns is None):
            raise ConfigError(f"data set {self.name!r}: one of rows and columns; allowed: both, or none")
        self._folder = data_folder(self.name, data_dir)

    @classmethod
    def patterns(cls) -> tuple[str, ...]:
        return ("*/*",)

    def files_read(self) -> tuple[Path, ...]:
        if self._is_divided:
            return tuple(self._folder / split for split in SPLITS)
        return tuple({file.parent for file in _pictures(self._folder)})

    def read(self, which: SplitName) -> ValueSplit:
        files, labels = self._files(which)
        first = self._pixels(files[0])
        values = np.empty((len(files), first.size), np.uint8)
        for number, file in enumerate(files):
            pixels = self._pixels(file)
            if pixels.shape != first.shape:
                raise FormatError(
                    f"{file} has {_by(pixels.shape)} pixels, but {files[0].name} {_by(first.shape)}; "
                    "allowed: one size, or rows and columns in [data]"
                )
            values[number] = pixels.reshape(-1)
        return ValueSplit(values, labels, first.shape)

    @property
    def _is_divided(self) -> bool:
        return any((self._folder / split).is_dir() for split in SPLITS)

    def _files(self, which: SplitName) -> tuple[list[Path], npt.NDArray[np.int64]]:
        """Files and labels, in an order without regard to class."""
        is_divided = self._is_divided
        folder = self._folder / which if is_divided else self._folder
        found = _pictures(folder)
        order = np.random.default_rng(self._wanted.seed).permutation(len(found))
        if not is_divided:
            tests = round(len(found) * self._wanted.test_part)
            order = order[:tests] if which == "test" else order[tests:]
        if not len(order):
            raise ConfigError(
                f"data set {self.name!r}: no {which} pictures in {folder}; allowed: {self.files[0]}; "
                + how_to_name_it(self.name)
            )
        training = self._folder / "train"
        known = _pictures(training) if is_divided and training.is_dir() else found
        chosen = [found[number] for number in order]
        kinds = [file.parent.name for file in chosen]
        return chosen, numbered(kinds, (file.parent.name for file in known), self.name, folder)

    def _pixels(self, file: Path) -> npt.NDArray[np.uint8]:
        """Grey values, shape (rows, columns)."""
        image = _opened(existing_file(file))
        rows, columns = self._wanted.rows, self._wanted.columns
        with image:
            if image.width * image.height > MOST_PIXELS:
                raise FormatError(f"{file} has {image.width} x {image.height} pixels; allowed: {MOST_PIXELS}")
            _require_range(image, file)
            try:
                grey = _grey(image)
                if rows is not None and columns is not None:
                    grey = grey.resize((columns, rows), resample=2)
            except (OSError, ValueError, SyntaxError, EOFError) as error:
                raise FormatError(f"{file} is damaged: {' '.join(str(error).split())}") from None
        return np.asarray(grey, np.uint8)


def _pictures(folder: Path) -> list[Path]:
    """The pictures in a folder's folders, by their names; none where there is no such folder."""
    kinds = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    return [
        file
        for kind in kinds
        if not is_hidden(kind.name)
        for file in sorted(kind.iterdir())
        if file.suffix.lower() in ENDINGS and not is_hidden(file.name)
    ]


def _opened(file: Path) -> Any:
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        raise ToolNotFoundError("Pillow", "pip install 'spiker-snn[data]'") from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # sizes are checked here
            return Image.open(file, formats=FORMATS)
    except UnidentifiedImageError:
        raise FormatError(f"{file} is no picture, or a damaged one") from None
    except (Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise FormatError(f"{file} is no picture, or a damaged one: {error}") from None


def _has_16_bits(image: Any) -> bool:
    # what Pillow calls I is of 32 bits, unless the format has 16 at most
    is_known: bool = image.mode.startswith("I;16") or (image.mode == "I" and image.format in ("PNG", "PPM"))
    return is_known


def _require_range(image: Any, file: Path) -> None:
    if image.mode in ("I", "F") and not _has_16_bits(image):
        kind = "integers of 32 bits" if image.mode == "I" else "real numbers"
        raise FormatError(f"{file} has {kind}, of no known range; allowed: pictures of 8 or 16 bits")


def _grey(image: Any) -> Any:
    """A picture of grey values from 0 to 255; Pillow's own `convert` clips at 255 what has more bits."""
    from PIL import Image

    if _has_16_bits(image):
        tags = image.tag_v2 if image.format == "TIFF" else {}
        depth = tags.get(BITS_PER_SAMPLE, (16,))[0]  # TIFF may have 12, as cameras do
        # the upper 8 bits are kept, as Pillow does it with colours of 16 bits
        grey = (np.asarray(image).astype(np.int64) >> (depth - 8)).astype(np.uint8)
        return Image.fromarray(255 - grey if tags.get(PHOTOMETRIC) == WHITE_IS_ZERO else grey)
    return image.convert("L")


def _by(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))
