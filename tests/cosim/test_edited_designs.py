"""Designs that somebody edited: they are simulated as they lie there, and nothing is waited for forever."""

import json
import shutil
from dataclasses import replace

import pytest
from small_networks import MEMBRANE, SPIKES, with_weight

from cosim import cosimulate
from hw import convert
from spiker.errors import ConfigError, FormatError, MismatchError, OutputError, ToolNotFoundError

pytestmark = pytest.mark.sim("ghdl")


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    return convert(MEMBRANE, tmp_path_factory.mktemp("design") / "hdl").folder


@pytest.fixture
def design(converted, tmp_path):
    """A copy of a design, to be edited."""
    return shutil.copytree(converted, tmp_path / "hdl")


def edit(design, name, old, new):
    text = (design / name).read_text()
    assert old in text
    (design / name).write_text(text.replace(old, new))


def first_difference(design, spikes=SPIKES):
    report = cosimulate(MEMBRANE, spikes, "ghdl", hdl=design)
    assert report.mismatches > 0
    with pytest.raises(MismatchError) as caught:
        report.require_equal()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_an_unchanged_design_agrees(design):
    assert cosimulate(MEMBRANE, SPIKES, "ghdl", hdl=design).is_equal


def test_files_in_subfolders_and_other_names_are_found_by_the_manifest(design):
    (design / "sources").mkdir()
    (design / "readout.vhd").rename(design / "sources" / "output stage.vhd")
    manifest = json.loads((design / "manifest.json").read_text())
    files = manifest["files"]
    files[files.index("readout.vhd")] = "sources/output stage.vhd"
    (design / "manifest.json").write_text(json.dumps(manifest))
    assert cosimulate(MEMBRANE, SPIKES, "ghdl", hdl=design).is_equal


def test_a_design_that_does_not_analyse_is_a_mismatch(design):
    edit(design, "readout.vhd", "end architecture rtl;", "end architecture;;")
    assert "doesn't analyse: readout.vhd:" in first_difference(design)


def test_a_design_with_other_ports_is_a_mismatch(design):
    edit(design, "spiker_accelerator.vhd", "event_valid: in", "event_validity: in")
    assert "doesn't analyse" in first_difference(design)


def test_a_file_of_the_manifest_that_is_missing_is_a_mismatch(design):
    (design / "readout.vhd").unlink()
    assert "readout.vhd" in first_difference(design)


def test_a_design_that_never_takes_a_beat_is_given_up(design):
    edit(
        design,
        "layer0_control.vhd",
        "event_ready <= is_adding;",
        "event_ready <= '0';",
    )
    assert "sample 0: no answer after" in first_difference(design)


def test_a_design_that_never_answers_is_given_up_after_four_times_the_predicted_cycles(design):
    edit(design, "readout.vhd", "result_valid <= stdl(state /= S_SEARCH);", "result_valid <= '0';")
    predicted = int(cosimulate(MEMBRANE, SPIKES[:1], "myhdl").cycles_predicted[0])
    message = first_difference(design, SPIKES[:1])
    # the three scores follow the class
    assert f"sample 0: no answer after {4 * predicted + 3} cycles" in message


def test_a_design_that_stops_after_some_samples_names_the_first_without_an_answer(design):
    edit(
        design,
        "readout.vhd",
        "search: process (clk) is\nbegin",
        "search: process (clk) is\n    variable answers: natural := 0;\nbegin",
    )
    edit(
        design,
        "readout.vhd",
        "state <= S_CLASS;",
        "answers := answers + 1; state <= S_CLASS when answers < 3 else S_SEARCH;",
    )
    assert "sample 2: no answer" in first_difference(design)


def test_a_design_that_answers_twice_is_caught(design):
    edit(
        design,
        "readout.vhd",
        "elsif (bool(result_ready) and bool(at_end)) then\n            state <= S_SEARCH;",
        "elsif (bool(result_ready) and bool(at_end)) then\n            state <= S_CLASS;",
    )
    assert "nobody asked for" in first_difference(design, SPIKES[:1])


def test_a_design_without_an_end_of_the_answer_is_given_up(design):
    edit(
        design,
        "readout.vhd",
        "result_last <= stdl((state = S_SCORES) and bool(at_end));",
        "result_last <= '0';",
    )
    assert "sample 0" in first_difference(design, SPIKES[:1])


def test_a_combinational_loop_that_never_settles_is_a_mismatch(design):
    edit(
        design,
        "layer0_control.vhd",
        "is_waiting <= stdl(",
        "is_waiting <= stdl(not bool(is_waiting) and ",
    )
    message = first_difference(design, SPIKES[:1])
    assert "broke off" in message
    assert "stop-delta" in message


def test_a_crash_of_the_simulator_names_its_exception(design):
    edit(
        design,
        "readout.vhd",
        "\nsignal at_end",
        "\nsignal nothing: integer := 0;\nsignal quotient: integer;\nsignal at_end",
    )
    edit(
        design,
        "readout.vhd",
        "\nsearch: process",
        "\nquotient <= 1 / nothing when rising_edge(clk);\nsearch: process",
    )
    assert "broke off: raised CONSTRAINT_ERROR" in first_difference(design)


@pytest.mark.parametrize("line", ["layer 7 0 0 0", "layer", "answer x"])
def test_a_design_that_writes_into_the_record_is_a_mismatch(design, line):
    edit(
        design,
        "readout.vhd",
        "\nsearch: process",
        f"""
meddle: process is
    file record_file: text open append_mode is "outcome.txt";
begin
    write(record_file, string'("{line}") & LF);
    wait;
end process;
search: process""",
    )
    assert "the bench's record was damaged" in first_difference(design)


def test_undefined_scores_are_a_mismatch(design):
    edit(design, "readout.vhd", "result_value <= score;", "result_value <= (others => 'X');")
    assert "undefined" in first_difference(design)


def test_an_undefined_membrane_is_a_mismatch(design):
    edit(
        design,
        "layer0.vhd",
        "layer0_membranes <= neurons_states_states;",
        "layer0_membranes <= (others => 'U');",
    )
    message = first_difference(design)
    assert message.startswith("sample 0, step 0, layer 0, neuron 0: membrane expected ")
    assert "got undefined" in message


def test_a_design_of_another_network_is_said_to_be_one(tmp_path):
    weight = int(MEMBRANE.layers[0].weights[0, 0])
    convert(with_weight(MEMBRANE, 0, (0, 0), weight - 1 if weight else 7), tmp_path / "hdl")
    assert f"{tmp_path / 'hdl'} was converted from another network" in first_difference(tmp_path / "hdl")


def test_a_design_with_fewer_classes_is_a_mismatch(tmp_path):
    hidden, last = MEMBRANE.layers
    convert(
        MEMBRANE.with_layers([hidden, replace(last, size=2, weight=last.weights[:, :2])]), tmp_path / "hdl"
    )
    report = cosimulate(MEMBRANE, SPIKES, "ghdl", hdl=tmp_path / "hdl", internals=False)
    assert report.mismatches == 1
    assert str(report.first).startswith("sample 0: an answer of 3 values, 4 expected; ")


def test_a_design_with_wider_states_is_a_mismatch(tmp_path):
    hidden, last = MEMBRANE.layers
    wider = replace(hidden, neuron=replace(hidden.neuron, state_bits=9))
    convert(MEMBRANE.with_layers([wider, last]), tmp_path / "hdl")
    assert "another network" in first_difference(tmp_path / "hdl")


def test_a_folder_without_a_manifest_is_refused(tmp_path):
    with pytest.raises(FormatError, match=r"manifest.json: no design there .* spiker convert"):
        cosimulate(MEMBRANE, SPIKES, "ghdl", hdl=tmp_path)


@pytest.mark.parametrize("name", ["../readout.vhd", "/etc/passwd", "-P.vhd", ""])
def test_a_manifest_that_leads_out_of_its_folder_is_refused(design, name):
    manifest = json.loads((design / "manifest.json").read_text())
    manifest["files"][0] = name
    (design / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(FormatError, match="allowed: names relative to the folder"):
        cosimulate(MEMBRANE, SPIKES, "ghdl", hdl=design)


def test_myhdl_reads_no_vhdl(design):
    with pytest.raises(ConfigError, match="'myhdl' doesn't read VHDL; allowed with hdl: ghdl"):
        cosimulate(MEMBRANE, SPIKES, "myhdl", hdl=design)


def test_a_missing_ghdl_is_named_with_its_package(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolNotFoundError, match="ghdl not found; install it with: apt install ghdl"):
        cosimulate(MEMBRANE, SPIKES, "ghdl")


def test_a_full_disk_is_no_mismatch(monkeypatch):
    # what a full disk for temporary files looks like to who asks
    full = shutil.disk_usage("/")._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full)
    with pytest.raises(OutputError, match="no space left for the simulation's temporary files in "):
        cosimulate(MEMBRANE, SPIKES, "ghdl")
