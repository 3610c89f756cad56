"""The journal of a campaign: one line a case, so that the next run goes on where this one stopped."""

import hashlib
import json
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import cosim
import hw
import spiker
from cosim.campaign.trial import Outcome
from cosim.random_cases import Limits
from spiker.errors import ConfigError, FormatError

NAME = "journal.jsonl"
AT_OTHER_CODE = ("refuse", "restart", "continue")
AtOtherCode = Literal["refuse", "restart", "continue"]


def code_files() -> list[Path]:
    """Files that decide a case and its outcome."""
    folders = [Path(str(package.__file__)).parent for package in (spiker, hw, cosim)]
    return [
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".py", ".j2") and path.relative_to(folder).parts[0] != "cli"
    ]


def digest_of(files: list[Path]) -> str:
    """Digest of some files, and of the releases that run them."""
    sha = hashlib.sha256(f"{platform.python_version()} {version('numpy')} {version('myhdl')}".encode())
    for path in files:
        sha.update(f"{path.parent.name}/{path.name}\n".encode())
        sha.update(path.read_bytes())
    return sha.hexdigest()[:16]


def code_digest() -> str:
    """Digest of the code that runs now."""
    return digest_of(code_files())


@dataclass(frozen=True)
class Entry:
    """One case in the journal.

    Attributes
    ----------
    seed : int
    code : str
        `code_digest` of what ran it.
    limits : Limits
    bits, samples, mismatches, wrong_cycles : int
        As in `Outcome`.
    problems : tuple of str
    seconds : float
        Share of the case in the time of its batch.
    """

    seed: int
    code: str
    limits: Limits
    bits: int
    samples: int
    mismatches: int
    wrong_cycles: int
    problems: tuple[str, ...]
    seconds: float

    @classmethod
    def of(cls, seed: int, code: str, limits: Limits, outcome: Outcome, seconds: float) -> "Entry":
        """Entry of an outcome."""
        return cls(
            seed=seed,
            code=code,
            limits=limits,
            bits=outcome.bits,
            samples=outcome.samples,
            mismatches=outcome.mismatches,
            wrong_cycles=outcome.wrong_cycles,
            problems=tuple(map(str, outcome.problems)),
            seconds=round(seconds, 3),
        )


class Journal:
    """Journal in a folder, opened to go on.

    Raises
    ------
    ConfigError
        It's of other code or other limits, and `at_other_code` says to refuse that.
    FormatError
        A line in it is no entry.
    """

    def __init__(self, folder: Path, limits: Limits, at_other_code: AtOtherCode = "refuse") -> None:
        self.code = code_digest()
        self.limits = limits
        self.path = folder / NAME
        folder.mkdir(parents=True, exist_ok=True)
        entries = list(_read(self.path))
        others = [entry for entry in entries if entry.code != self.code or entry.limits != limits]
        if others and at_other_code == "refuse":
            raise ConfigError(
                f"{self.path}: seed {others[0].seed} was run by other code or with other limits; "
                "allowed: --other-code restart or continue, or another folder"
            )
        if others and at_other_code == "restart":
            entries = []
            self.path.rename(self.path.with_name(f"journal-{others[0].code}.jsonl"))
        self.entries = {entry.seed: entry for entry in entries}
        self._end_line()

    def add(self, entry: Entry) -> None:
        """Write an entry; it's on the disk when this returns."""
        self.entries[entry.seed] = entry
        with self.path.open("a", encoding="ascii") as file:
            file.write(json.dumps(asdict(entry)) + "\n")

    def _end_line(self) -> None:
        """Drop the part of a line that an interrupted run may have left."""
        if not self.path.exists():
            return
        text = self.path.read_bytes()
        if not text.endswith(b"\n"):
            self.path.write_bytes(text[: text.rfind(b"\n") + 1])


def _read(path: Path) -> Iterator[Entry]:
    if not path.exists():
        return
    whole = path.read_text(encoding="ascii", errors="replace").rpartition("\n")[0]
    for number, line in enumerate(whole.splitlines(), 1):
        try:
            yield _entry(json.loads(line))
        except (ValueError, TypeError, KeyError):
            raise FormatError(f"{path}: line {number} is no entry of a campaign: {line[:60]!r}") from None


def _entry(values: dict[str, Any]) -> Entry:
    changed = {"limits": Limits(**values["limits"]), "problems": tuple(values["problems"])}
    return Entry(**(values | changed))
