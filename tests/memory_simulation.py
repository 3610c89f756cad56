"""One memory three times: its MyHDL block, its VHDL in GHDL, and the netlist of that in Icarus."""

import subprocess
from dataclasses import dataclass

from myhdl import StopSimulation, block, delay, instance

from cosim.netlist import repair
from hw.elaboration import quick_elaboration
from hw.entity import flag, word
from hw.memory.fields import field_plan
from hw.memory.loadable_memory import loadable_memory, loadable_vhdl
from hw.memory.shapes import address_bits
from hw.memory.weight_memory import vhdl, weight_memory


@dataclass(frozen=True)
class Memory:
    """A memory: what it is, and the widths of its input ports in the order of the stimulus."""

    kind: str
    ports: int
    content: tuple
    lanes: int
    bits: int
    extra: int = 0  # bits of the address beyond what is needed

    @property
    def row_bits(self):
        return self.lanes * self.bits

    @property
    def inputs(self):
        address = address_bits(len(self.content)) + self.extra
        named = {"read": 1, "address": address}
        if self.ports == 2:
            named |= {"read_b": 1, "address_b": address}
        if self.kind == "loadable":
            lanes = address_bits(self.lanes)
            named |= {"load_valid": 1, "load_address": address, "load_lane": lanes, "load_value": self.bits}
        return named

    @property
    def outputs(self):
        return ("row", "row_b")[: self.ports]

    def text(self):
        address = self.inputs["address"]
        if self.kind == "loadable":
            lanes = field_plan(len(self.content), self.lanes, self.bits).lane_bits
            return loadable_vhdl(
                "memory",
                "-- memory\n",
                self.content,
                address,
                self.row_bits,
                self.bits,
                address,
                lanes,
                self.ports,
            )
        return vhdl("memory", "-- memory\n", self.content, address, self.row_bits, self.kind, self.ports)


@quick_elaboration()
def in_myhdl(memory, stimulus):
    """Rows after every cycle, one tuple a cycle."""
    seen = []

    @block
    def bench():
        clk = flag()
        inputs = {name: flag() if name in FLAGS else word(bits) for name, bits in memory.inputs.items()}
        outputs = {name: word(memory.row_bits) for name in memory.outputs}
        part = loadable_memory if memory.kind == "loadable" else weight_memory
        memory_block = part(clk=clk, **inputs, **outputs, content=memory.content)

        @instance
        def drive():
            for beat in stimulus:
                for (name, signal), value in zip(inputs.items(), beat, strict=True):
                    signal.next = bool(value) if name in FLAGS else value
                yield delay(1)
                clk.next = True
                yield delay(1)
                seen.append(tuple(int(signal) for signal in outputs.values()))
                clk.next = False
                yield delay(1)
            raise StopSimulation

        return memory_block, drive

    bench().run_sim(quiet=1)
    return seen


FLAGS = ("read", "read_b", "load_valid")


def _lines(memory, stimulus):
    widths = memory.inputs.values()
    return "".join(
        "".join(f"{value:0{bits}b}" for value, bits in zip(beat, widths, strict=True)) + "\n"
        for beat in stimulus
    )


def _slices(memory):
    """Highest and lowest bit of every input in a line of the stimulus."""
    high = sum(memory.inputs.values())
    for name, bits in memory.inputs.items():
        yield name, high - 1, high - bits
        high -= bits


def _rows(memory, said):
    found = []
    for line in said.splitlines():
        bits = line.strip()
        assert set(bits) <= {"0", "1"}, bits
        found.append(
            tuple(int(bits[i : i + memory.row_bits], 2) for i in range(0, len(bits), memory.row_bits))
        )
    return found


def _run(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def in_ghdl(memory, stimulus, folder):
    """Rows after every cycle, of the VHDL; analysing it gives no warnings."""
    (folder / "memory.vhd").write_text(memory.text())
    (folder / "stimulus.txt").write_text(_lines(memory, stimulus))
    total = sum(memory.inputs.values())
    wires = [
        f"{name} => beat({low})" if name in FLAGS else f"{name} => unsigned(beat({high} downto {low}))"
        for name, high, low in _slices(memory)
    ]
    signals = "".join(f"signal {name}: unsigned({memory.row_bits - 1} downto 0); " for name in memory.outputs)
    outputs = [f"{name} => {name}" for name in memory.outputs]
    (folder / "bench.vhd").write_text(f"""library ieee; use ieee.std_logic_1164.all; use ieee.numeric_std.all;
use std.textio.all;
entity bench is end;
architecture test of bench is
    signal clk: std_logic := '0';
    signal beat: std_logic_vector({total - 1} downto 0) := (others => '0');
    {signals}
begin
    part: entity work.memory port map (clk => clk, {", ".join(wires + outputs)});
    process
        file stimulus: text open read_mode is "stimulus.txt";
        file seen: text open write_mode is "seen.txt";
        variable text_line, out_line: line;
        variable bits: std_logic_vector(beat'range);
    begin
        while not endfile(stimulus) loop
            readline(stimulus, text_line); read(text_line, bits); beat <= bits;
            wait for 1 ns; clk <= '1'; wait for 1 ns;
            write(out_line, {" & ".join(f"std_logic_vector({name})" for name in memory.outputs)});
            writeline(seen, out_line);
            clk <= '0'; wait for 1 ns;
        end loop;
        wait;
    end process;
end;
""")
    warnings = ["--warn-unused", "--warn-binding", "--warn-shared", "--warn-hide", "--warn-body"]
    assert _run(["ghdl", "-a", "--std=08", *warnings, "memory.vhd"], folder).stderr == ""
    _run(["ghdl", "-a", "--std=08", "bench.vhd"], folder)
    _run(["ghdl", "--elab-run", "--std=08", "bench"], folder)
    return _rows(memory, (folder / "seen.txt").read_text())


def in_netlist(memory, stimulus, folder):
    """Rows after every cycle, of the netlist; after `in_ghdl` in the same folder."""
    verilog = _run(["ghdl", "--synth", "--std=08", "--out=verilog", "memory"], folder).stdout
    (folder / "netlist.v").write_text(repair(verilog))
    total = sum(memory.inputs.values())
    wires = [f".{name}(beat[{high}:{low}])" for name, high, low in _slices(memory)]
    wires += [f".{name}({name})" for name in memory.outputs]
    outputs = "".join(f"wire [{memory.row_bits - 1}:0] {name}; " for name in memory.outputs)
    (folder / "bench.v").write_text(f"""module bench;
    reg clk = 0; reg [{total - 1}:0] beat; reg [{total - 1}:0] beats [0:{len(stimulus) - 1}]; integer i;
    {outputs}
    memory part(.clk(clk), {", ".join(wires)});
    initial begin
        $readmemb("stimulus.txt", beats);
        for (i = 0; i < {len(stimulus)}; i = i + 1) begin
            beat = beats[i]; #1 clk = 1; #1 $display("%b", {{{", ".join(memory.outputs)}}}); clk = 0; #1;
        end
        $finish(0);
    end
endmodule
""")
    _run(["iverilog", "-g2012", "-o", "bench.vvp", "bench.v", "netlist.v"], folder)
    return _rows(memory, _run(["vvp", "-n", "bench.vvp"], folder).stdout)
