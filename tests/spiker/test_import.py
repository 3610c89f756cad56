"""``import spiker`` is cheap: nothing that only training or hardware need."""

import subprocess
import sys

import spiker


def modules_after(statement):
    code = f"{statement}; import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_import_loads_neither_torch_nor_myhdl():
    loaded = modules_after("import spiker, spiker.cli, spiker.timing, spiker.spike_file, spiker.trace_file")
    assert "spiker.golden" in loaded
    unwanted = {"torch", "myhdl", "matplotlib", "scipy", "sklearn", "hw", "sw", "cosim"}
    assert not loaded & unwanted


def test_public_names_are_there():
    assert len(spiker.__all__) == len(set(spiker.__all__))
    assert all(hasattr(spiker, name) for name in spiker.__all__)
