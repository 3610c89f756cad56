"""``spiker evaluate``: the golden model on samples."""

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spiker.cli.hardware_options import HardwareOptions, hardware_options
from spiker.cli.measurement import Measurement, measure
from spiker.cli.options import FILE, common_options, network_argument, sample_options
from spiker.cli.output_paths import removed_after, require_file
from spiker.cli.reporting import Session, figures, percent
from spiker.cli.samples import Choice, Samples, find_samples
from spiker.hardware import Hardware
from spiker.network import Network
from spiker.network_file import load
from spiker.trace_file import new_trace

if TYPE_CHECKING:
    from rich.console import RenderableType


@click.command()
@network_argument
@sample_options
@hardware_options
@click.option("--trace", type=FILE, metavar="OUT.npz", help="Write every spike and state of every step.")
@common_options
def command(
    network_file: Path,
    data: str | None,
    data_dir: Path | None,
    split: str | None,
    samples: int | None,
    hardware: HardwareOptions,
    trace: Path | None,
    session: Session,
) -> None:
    """Run a network's golden model: accuracy, spikes, cycles.

    The hardware's choices are for all layers, or one a layer: --parallelism 128,10. They change the cycles;
    --keep-state also starts every sample from the state that the one before left.
    """
    network = load(network_file)
    choices = hardware.for_network(network, network_file)
    chosen = find_samples(network, network_file, Choice(data, data_dir, split, samples))
    if trace is not None:
        require_file(trace, other_than=(network_file, data), samples=chosen.files)
    reasons = _reasons_against_hardware(network, choices)
    if samples is not None and len(chosen) < samples:
        session.note(f"{chosen.source} has {len(chosen)} samples only")
    if reasons:
        session.note(f"no cycles: the hardware cannot run this network: {reasons}")
    with removed_after(BaseException, *([] if trace is None else [trace])):
        with nullcontext() if trace is None else new_trace(trace) as states:
            found = measure(network, chosen, session, choices, has_hardware=not reasons, trace=states)
        values = _values(found, trace) | {"hardware": choices.as_json()}
        session.result(values, [_table(network_file, chosen, found, trace)])


def _values(found: Measurement, trace: Path | None) -> dict[str, object]:
    values: dict[str, object] = {
        "accuracy": found.accuracy,
        "samples": found.samples,
        "samples_per_second": found.samples / found.seconds,
        "spikes_per_sample": found.spikes_per_sample,
        "cycles_mean": found.cycles_mean,
        "cycles_max": found.cycles_max,
    }
    return values if trace is None else values | {"trace": trace}


def _reasons_against_hardware(network: Network, hardware: Hardware) -> str:
    from hw.design_rules import violations

    return "; ".join(map(str, violations(network, hardware)))


def _table(network_file: Path, chosen: Samples, found: Measurement, trace: Path | None) -> "RenderableType":
    layers = (f"layer {number}" for number in range(len(found.spikes_per_sample) - 1))
    names = ("inputs", *layers)
    spikes = ", ".join(
        f"{name} {mean:.1f}" for name, mean in zip(names, found.spikes_per_sample, strict=True)
    )
    rows: dict[str, object] = {
        "samples": f"{found.samples:,} of {chosen.source}",
        "accuracy": percent(found.accuracy),
        "samples per second": f"{found.samples / found.seconds:,.0f}",
        "spikes per sample": spikes,
        "cycles per sample, mean": found.cycles_mean and f"{found.cycles_mean:,.1f}",
        "cycles per sample, most": found.cycles_max and f"{found.cycles_max:,}",
    }
    if trace is not None:
        rows["trace"] = trace
    return figures(str(network_file), rows)
