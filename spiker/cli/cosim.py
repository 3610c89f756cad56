"""``spiker cosim``: the accelerator in a simulator against the golden model."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from spiker.cli.hardware_options import HardwareOptions, hardware_options, in_words
from spiker.cli.measurement import mean_of, most_of
from spiker.cli.options import FILE, LARGEST_SEED, SHARED, common_options, sample_options
from spiker.cli.random_cosim import run_cases
from spiker.cli.reporting import Session, figures, show
from spiker.cli.samples import Choice, find_samples
from spiker.errors import ConfigError
from spiker.hardware import Hardware
from spiker.network import Network
from spiker.network_file import load

if TYPE_CHECKING:
    from cosim import Report

SIMULATORS = ("myhdl", "ghdl")
MOST_STALL = 0.95


@click.command()
@click.argument("network_file", metavar="NET.h5", type=FILE, required=False)
@click.option(
    "--simulator",
    type=click.Choice(SIMULATORS),
    help="What runs the accelerator: MyHDL its description, GHDL its VHDL.",
)
@sample_options
@hardware_options
@click.option("--internals", is_flag=True, help="Compare every layer's inputs, spikes and membranes too.")
@click.option(
    "--stall",
    type=click.FloatRange(0, MOST_STALL),
    default=0.0,
    metavar="P",
    help="Chance of a wait at both ends, each cycle; cycles are then not compared.",
)
@click.option(
    "--hdl",
    type=FILE,
    metavar="DIR",
    help="Simulate the VHDL in DIR as it is there (ghdl only); without its shell, if it has one.",
)
@click.option(
    "--random",
    "cases",
    type=click.IntRange(min=1),
    metavar="N",
    help="In place of NET.h5: N random networks, samples and choices of the hardware, from --seed on.",
)
@common_options
@click.pass_context
def command(
    context: click.Context,
    network_file: Path | None,
    simulator: str | None,
    data: str | None,
    data_dir: Path | None,
    split: str | None,
    samples: int | None,
    hardware: HardwareOptions,
    internals: bool,
    stall: float,
    hdl: Path | None,
    cases: int | None,
    session: Session,
) -> None:
    """Compare the accelerator with the golden model, bit by bit.

    Cycles are compared with the predicted ones. Exit code 1, and the first difference, where
    something differs. Of a design with an AXI shell the accelerator inside is simulated, not the shell.

    The hardware's choices are for all layers, or one a layer: --parallelism 128,10. Those of a design in
    --hdl are taken from its manifest.
    """
    if cases is not None:
        _refuse_beside_random(context)
        _compare_random(cases, simulator or "ghdl", stall, session)
        return
    if network_file is None:
        raise click.UsageError("missing argument NET.h5, or --random N", context)
    if simulator is None:
        raise click.UsageError(f"missing option --simulator; one of {', '.join(SIMULATORS)}", context)
    network = load(network_file)
    choices = _choices(network, network_file, hdl, hardware)
    chosen = find_samples(network, network_file, Choice(data, data_dir, split, samples))
    if choices.input == "encoder" and chosen.values is None:
        raise ConfigError(f"{chosen.source} holds spikes, but an accelerator with input encoder takes values")
    if samples is not None and len(chosen) < samples:
        session.note(f"{chosen.source} has {len(chosen)} samples only")
    from cosim import cosimulate

    with session.progress(len(chosen), "sample") as bar:
        report = cosimulate(
            network,
            chosen.spikes(),
            simulator,
            hardware=choices,
            values=chosen.values,
            internals=internals,
            stall=stall,
            seed=session.seed,
            hdl=hdl,
            tell=lambda answered: show(bar, answered),
        )
    title = f"{network_file}: {simulator} against the golden model"
    rows = {"hardware": in_words(choices), **_shell_row(choices), **_rows(report)}
    values = values_of(report) | {"hardware": choices.as_json(), "shell_simulated": False}
    session.result(values, [figures(title, rows)])
    report.require_equal()


def _choices(network: Network, network_file: Path, hdl: Path | None, hardware: HardwareOptions) -> Hardware:
    """What a design was made with, where one is given; that it's what the user asks for is checked later."""
    if hdl is None:
        return hardware.for_network(network, network_file)
    from hw import manifest

    return hardware.over(manifest.choices(hdl), network, f"{hdl / manifest.NAME}: hardware")


RANDOM_TAKES = ("cases", "simulator", "stall")
"""Options that go with --random, beside those that every command has."""


def _refuse_beside_random(context: click.Context) -> None:
    """Refuse what --random chooses itself, or does anyway."""
    for parameter in context.command.params:
        name = parameter.name or ""
        is_given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if is_given and name not in RANDOM_TAKES and name not in SHARED:
            if name == "internals":
                raise click.UsageError(
                    "--random always compares what is inside the layers too; leave out --internals",
                    context,
                )
            label = parameter.opts[0] if isinstance(parameter, click.Option) else "NET.h5"
            raise click.UsageError(
                f"--random chooses networks, samples and hardware itself; leave out {label}", context
            )


def _compare_random(cases: int, simulator: str, stall: float, session: Session) -> None:
    last = session.seed + cases - 1
    if last > LARGEST_SEED:
        raise ConfigError(
            f"seed = {session.seed} with {cases} random cases; allowed: 0 to {LARGEST_SEED - cases + 1}, "
            "as each case has the seed after the last one's"
        )
    session.note(f"seeds {session.seed} to {last}")
    outcome = run_cases(cases, simulator, stall, session)
    if outcome.ended is not None and not outcome.cases:
        raise outcome.ended
    first = None if outcome.failed is None else {"seed": outcome.failed, "difference": outcome.first}
    values = {
        "simulator": simulator,
        "cases": outcome.cases,
        "seed": outcome.seed,
        "mismatches": outcome.mismatches,
        "cycles_predicted_wrong": outcome.cycles_predicted_wrong,
        "compared_bits": outcome.compared_bits,
        "first": first,
    }
    rows = {
        "random cases": f"{outcome.cases:,} of {cases:,}",
        "seeds": f"{outcome.seed} to {outcome.seed + outcome.cases - 1}",
        "compared bits": outcome.compared_bits,
        "mismatches": outcome.mismatches,
        "cycles predicted wrong": outcome.cycles_predicted_wrong,
    }
    session.result(values, [figures(f"random networks: {simulator} against the golden model", rows)])
    if outcome.ended is not None:
        raise outcome.ended
    outcome.require_equal()


def _shell_row(hardware: Hardware) -> dict[str, str]:
    """That a shell isn't simulated, where there is one."""
    if hardware.shell == "none":
        return {}
    return {"shell": "not simulated: the accelerator inside is; what tests the shell is in docs/axi.md"}


def values_of(report: "Report") -> dict[str, object]:
    """A report by the keys of ``--json``."""
    return {
        "simulator": report.simulator,
        "samples": report.samples,
        "mismatches": report.mismatches,
        "cycles_mean": mean_of(report.cycles),
        "cycles_max": most_of(report.cycles),
        "cycles_predicted_wrong": report.cycles_predicted_wrong,
        "compared_bits": report.compared_bits,
    }


def _rows(report: "Report") -> dict[str, object]:
    values = values_of(report)
    return {
        "samples": values["samples"],
        "compared bits": values["compared_bits"],
        "mismatches": values["mismatches"],
        "cycles per sample, mean": values["cycles_mean"],
        "cycles per sample, most": values["cycles_max"],
        "cycles predicted wrong": values["cycles_predicted_wrong"],
    }
