"""Subjects of reports: a plain one, one that says nothing but its network, and one that means harm."""

from functools import cache

import numpy as np
from small_networks import COUNTS, MEMBRANE, SPIKES

from sw.analysis import analyse
from sw.report import Subject, render, report

LABELS = np.arange(12) % 3
CURVE = {
    "quantized": np.array([0, 1]),
    "loss": np.array([2.0, 0.5]),
    "accuracy": np.array([0.5, 0.75]),
    "validation_accuracy": np.array([np.nan, np.nan]),
}
PROGRESS = {
    "samples": np.array([40, 80]),
    "accuracy": np.array([np.nan, 0.75]),
    "spikes": np.array([3.0, 4.5]),
    "silent": np.array([0.5, 0.25]),
    "threshold": np.array([20.0, 30.0]),
    "used": np.array([0.5, 1.0]),
}
LEARNED = {"weight": np.linspace(0, 1, 240).reshape(6, 40), "shape": np.array([2, 3])}
QUANTIZATION = {
    "search": True,
    "max_drop": 0.01,
    "density": 1.0,
    "weight_bits": np.array([2, 5]),
    "reference_accuracy": 0.875,
    "curve": {
        "memory_bits": np.array([16384, 12288, 8192]),
        "accuracy": np.array([0.875, 0.75, 0.8671875]),
        "fine_tuned": np.array([0, 0, 1], np.int8),
        "weight_bits": np.array([[5, 5], [4, 5], [4, 5]]),
    },
}
SCRIPT = "<script>document.title = 'taken'</script>"
PICTURE = "\"'><img src=x onerror=\"document.title = 'taken'\">"


@cache
def rendered(kind):
    """The page of a subject by the name of its function, which takes a second."""
    return render(report({"plain": plain, "alone": alone, "hostile": hostile}[kind]()))


def plain(**changes):
    """A network with samples, labels and a curve."""
    values = {
        "name": "counts.h5",
        "network": COUNTS,
        "training": {"data": "digits", "seed": 1, "curve": CURVE, "recipe": "steps = 8\n"},
        "analysis": analyse(COUNTS, [(SPIKES, LABELS)]),
        "source": "spikes.npz",
    }
    return Subject(**{**values, **changes})


def alone():
    """A network without samples."""
    return Subject(name="membrane.h5", network=MEMBRANE, hint="This report is without samples.")


def hostile():
    """Whatever people can name or write has markup in it, templates, and signs that turn the text around."""
    return plain(
        name=f"net{PICTURE}{SCRIPT}\u202e{{{{ 7 * 7 }}}}.h5",
        source=f"</p></section>{SCRIPT}{PICTURE}",
        no_hardware=SCRIPT,
        hint=f"</p>{SCRIPT}",
        training={
            f"<b>{SCRIPT}": f"</td></table>{SCRIPT}{PICTURE}",
            "recipe": f"</pre></details>{SCRIPT}{{% raw %}}",
            "versions": {SCRIPT: PICTURE},
            "data": "javascript:alert(1)\udce9\x00",
        },
    )


def page(kind, folder):
    """Path of the subject's report."""
    path = folder / "report.html"
    path.write_bytes(rendered(kind))
    return path
