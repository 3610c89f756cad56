"""Conversion of a network to a folder of VHDL, in a fresh process so that it's deterministic."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from hw import design_rules, manifest
from hw.memory.export import export_network
from spiker.atomic import new_folder
from spiker.errors import OutputError, SpikerError
from spiker.hardware import Hardware
from spiker.network import Network

NOT_WRITTEN = os.EX_IOERR
"""Exit status of the process that converts where a file couldn't be written."""


@dataclass(frozen=True)
class Design:
    """A design on disk.

    Attributes
    ----------
    folder : Path
    top : str
        Name of the top entity.
    files : tuple of str
        VHDL files in the order in which to compile them, relative to the folder.
    seconds : float
        How long the conversion took.
    """

    folder: Path
    top: str
    files: tuple[str, ...]
    seconds: float


def convert(
    network: Network,
    folder: str | Path,
    hardware: Hardware | None = None,
    memory_files: str | None = None,
) -> Design:
    """Write a network's accelerator as VHDL-2008.

    The same network gives the same bytes, whatever process, folder or hash seed. What `folder`
    holds is replaced if it's a design of ours, and must be empty otherwise.

    Parameters
    ----------
    network : Network
        Complete, with its weights.
    folder : path
        Where the design goes: VHDL files and ``manifest.json``.
    hardware : Hardware, optional
        Area against time, memories, ports; by default all neurons in parallel.
    memory_files : {"mem", "coe"}, optional
        Write the contents of the weight memories too, ``layer0.mem`` and so on (`hw.memory.export`).

    Returns
    -------
    Design

    Raises
    ------
    DesignRuleError
        The hardware can't run this network; names each layer and the reason.
    ConfigError, OutputError
        The folder holds something else, or can't be written.
    """
    choices = hardware or Hardware()
    design_rules.check(network, choices)
    begin = time.perf_counter()
    with new_folder(Path(folder), manifest.is_ours) as target:
        _in_fresh_process(network, choices, target)
        if memory_files is not None:
            manifest.add_data(target, export_network(network, target, memory_files, choices))
        content = manifest.read(target)
    seconds = time.perf_counter() - begin
    return Design(Path(folder), content["top"], tuple(content["files"]), seconds)


def _in_fresh_process(network: Network, hardware: Hardware, target: Path) -> None:
    from spiker.network_file import save

    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "network.h5"
        save(network, source)
        done = subprocess.run(
            # -P: what lies in the current folder must not stand in for modules
            [sys.executable, "-P", "-m", "hw.emit", str(source), str(target), json.dumps(hardware.as_json())],
            env=os.environ | {"PYTHONHASHSEED": "0", "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
        if done.returncode == NOT_WRITTEN:
            raise OutputError(f"can't write {target}: {reason}")
        raise SpikerError(f"the conversion to VHDL failed: {reason}")
