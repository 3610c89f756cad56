"""Contents of memories as files: there and back without a bit lost, and bad files told in one line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw.memory.export import WeightMemory, export_network, read_coe, read_mem, write_coe, write_mem
from hw.memory.rows import pack_rows, unpack_rows
from spiker import IF, LI, Layer, Network, load, save
from spiker.errors import ConfigError, FormatError, OutputError
from spiker.hardware import Hardware

FORMATS = {"mem": (write_mem, read_mem), "coe": (write_coe, read_coe)}


@st.composite
def matrices(draw):
    """A width, and weights that fit it, the lowest and the highest among them."""
    bits, rows, count = draw(st.integers(1, 16)), draw(st.integers(1, 20)), draw(st.integers(1, 20))
    values = st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    flat = draw(st.lists(values, min_size=rows * count, max_size=rows * count))
    return bits, np.array(flat, np.int64).reshape(rows, count)


def test_the_first_neurons_weight_stands_lowest_in_twos_complement():
    # 4 bits each: 1 -> 0001, -1 -> 1111, 7 -> 0111
    assert pack_rows(np.array([[1, -1, 7], [0, 0, -8]]), 4) == (0x7F1, 0x800)


@given(matrices())
def test_packed_weights_come_back(drawn):
    bits, weights = drawn
    assert np.array_equal(unpack_rows(pack_rows(weights, bits), bits, weights.shape[1]), weights)


@pytest.mark.parametrize("kind", FORMATS)
@given(drawn=matrices())
def test_a_files_weights_come_back(kind, drawn, tmp_path_factory):
    bits, weights = drawn
    write, read = FORMATS[kind]
    path = tmp_path_factory.mktemp("memory") / f"layer.{kind}"
    row_bits = bits * weights.shape[1]
    write(path, pack_rows(weights, bits), row_bits)
    assert np.array_equal(unpack_rows(read(path, row_bits), bits, weights.shape[1]), weights)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_network_files_weights_come_back_from_memory_files(kind, tmp_path):
    draw = np.random.default_rng(3)
    first, back, last = (
        draw.integers(-8, 8, (11, 5)),
        draw.integers(-16, 16, (5, 5)),
        draw.integers(-1, 1, (5, 3)),
    )
    layers = [
        Layer(
            5, IF(state_bits=9, threshold=3), weight_bits=4, weight=first, recurrent_bits=5, recurrent=back
        ),
        Layer(3, LI(state_bits=9), weight_bits=1, weight=last),
    ]
    save(Network(11, 4, layers, "membrane"), tmp_path / "network.h5")
    network = load(tmp_path / "network.h5")
    files = export_network(network, tmp_path / "memories", kind)
    assert [file.name for file in files] == [f"layer0.{kind}", f"layer1.{kind}"]
    expected = [np.concatenate([first, back]), last]
    for file, layer, weights in zip(files, network.layers, expected, strict=True):
        memory = WeightMemory.of(layer)
        rows = FORMATS[kind][1](file, memory.row_bits)
        assert rows == memory.rows
        assert np.array_equal(unpack_rows(rows, memory.bits, memory.count), weights)
        assert np.array_equal(memory.weights, weights)


def test_the_text_of_both_formats(tmp_path):
    write_mem(tmp_path / "a.mem", (0x3, 0x1F), 9, comment="weights")
    assert (tmp_path / "a.mem").read_text() == (
        "// 2 rows of 9 bits, hexadecimal, row 0 first\n// weights\n003\n01f\n"
    )
    write_coe(tmp_path / "a.coe", (0x3, 0x1F), 9)
    assert (tmp_path / "a.coe").read_text() == (
        "memory_initialization_radix=16;\nmemory_initialization_vector=\n003,\n01f;\n"
    )


@pytest.mark.sim("iverilog")
def test_verilog_reads_a_mem_file(tmp_path, iverilog):
    import subprocess

    rows = (0x1FF, 0, 0x0A5)
    write_mem(tmp_path / "a.mem", rows, 9)
    (tmp_path / "a.v").write_text(
        'module a; reg [8:0] m[0:2]; initial begin $readmemh("a.mem", m); '
        '$display("%0d %0d %0d", m[0], m[1], m[2]); end endmodule'
    )
    subprocess.run([iverilog, "-o", "a.vvp", "a.v"], cwd=tmp_path, check=True)
    said = subprocess.run(["vvp", "-n", "a.vvp"], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert said.stdout.split() == [str(row) for row in rows]


def test_what_other_programs_write_is_read(tmp_path):
    (tmp_path / "a.mem").write_text("/* two\nlines */ @0 1_F\n@1\n 0a // last\n")
    assert read_mem(tmp_path / "a.mem") == (0x1F, 0x0A)
    (tmp_path / "a.coe").write_text(
        "; comment\nMEMORY_INITIALIZATION_RADIX = 2 ;\nmemory_initialization_vector =\n101, 11\n1 ;\n"
    )
    assert read_coe(tmp_path / "a.coe") == (5, 3, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "has no rows; needs at least one"),
        (b"12\nxyz\n", "line 2 has 'xyz'; needs a hexadecimal number"),
        (b"12\n@5 3\n", "line 2 has address @5; needs @1"),
        (b"fff\n", "row 0 has 12 bits; allowed: 8"),
        (b"// 3 rows of 8 bits, hexadecimal, row 0 first\n12\n", "has 1 rows, its first line says 3"),
        (b"\xff\xfe", "no text: byte 0 isn't UTF-8; needs a text file"),
        (b"-1\n", "line 1 has '-1'; needs a hexadecimal number"),
    ],
)
def test_a_bad_mem_file_is_refused(text, said, tmp_path):
    path = tmp_path / "bad.mem"
    path.write_bytes(text)
    with pytest.raises(FormatError) as caught:
        read_mem(path, 8)
    assert str(caught.value) == f"{path}: {said}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no coefficient file"),
        ("memory_initialization_radix=8;\nmemory_initialization_vector=\n7;", "no coefficient file"),
        ("memory_initialization_radix=16;\nmemory_initialization_vector=\n;", "has no rows"),
        (
            "memory_initialization_radix=2;\nmemory_initialization_vector=\n1, 2;",
            "row 1 is '2'; needs a number",
        ),
        (
            "memory_initialization_radix=16;\nmemory_initialization_vector=\n1,1ff;",
            "row 1 has 9 bits; allowed: 8",
        ),
        ("memory_initialization_radix=16;\nmemory_initialization_vector=\n1,,2;", "row 1 is ''"),
    ],
)
def test_a_bad_coe_file_is_refused(text, said, tmp_path):
    path = tmp_path / "bad.coe"
    path.write_text(text)
    with pytest.raises(FormatError, match=said) as caught:
        read_coe(path, 8)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", FORMATS)
def test_what_can_not_be_written_or_read_is_told(kind, tmp_path):
    write, read = FORMATS[kind]
    with pytest.raises(ConfigError, match="row 1 = 16; allowed in 4 bits: 0 to 15"):
        write(tmp_path / "a", (1, 16), 4)
    with pytest.raises(ConfigError, match="0 rows of 4 bits"):
        write(tmp_path / "a", (), 4)
    assert not (tmp_path / "a").exists()
    with pytest.raises(OutputError, match="it's a folder"):
        write(tmp_path, (1,), 4)
    with pytest.raises(ConfigError, match=r"can't read .*: No such file"):
        read(tmp_path / "missing")


def test_an_unknown_kind_of_file_is_told(tmp_path):
    network = Network(1, 1, [Layer(1, LI(state_bits=4), weight=[[1]])], "membrane")
    with pytest.raises(ConfigError, match="kind = 'hex', allowed: mem, coe"):
        export_network(network, tmp_path, "hex")


@pytest.mark.parametrize("kind", FORMATS)
def test_the_words_of_an_accelerators_memories(kind, tmp_path):
    # three neurons of 4 bits, two at a time: two words a row, and what is zero is left out
    layer = Layer(3, LI(), weight=[[1, -1, 7], [0, 0, -8], [0, 0, 0]])
    network = Network(3, 1, [layer])

    def words(**choices):
        (file,) = export_network(network, tmp_path / "memories", kind, Hardware(**choices))
        return FORMATS[kind][1](file)

    assert words() == (0x7F1, 0x800, 0)
    assert words(parallelism=2, sparse="never") == (0xF1, 0x07, 0, 0x08, 0, 0)
    assert words(parallelism=2, sparse="rows") == (0xF1, 0x07, 0, 0x08)
    assert words(parallelism=2, sparse="blocks") == (0xF1, 0x07, 0x08)
