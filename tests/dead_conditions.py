"""Finds what can't ever be, or always is, in a generated VHDL text."""

import re

CONSTANT = re.compile(
    r"\b(?:true|false)\s+(?:and|or)\b|\b(?:and|or)\s+\(?(?:true|false)\b"  # False and x
    r"|\bif\s+\(?(?:true|false)\b|\bnot\s+\(?(?:true|false)\b"
    r"|\(\s*\d+\s*(?:=|/=|<=?|>=?)\s*\d+\s*\)"  # 2 = 1
    r"|\bbool\((\w+)\)\s+(?:and|or)\s+\(?not\s+bool\(\1\)",  # x or not x
    re.IGNORECASE,
)
WORD = re.compile(r"^\s*(?:signal\s+)?(\w+)\s*:\s*(?:in |out )?\s*unsigned\((\d+) downto 0\)", re.MULTILINE)
COMPARISON = re.compile(r"(?<![\w.])(\w+) (=|/=|<=|>=|<|>) (\d+)\b(?!\s*[-+*])")
BOUNDS = re.compile(r"\((\w+) >=? (\d+)\) and \(\1 <=? (\d+)\)")
PROGRAM = re.compile(r"type t_array_microprogram is array\(0 to (\d+)-1\)")
PHASE = re.compile(r"(?:\w+_)?(?:phase|current)")


def dead_conditions(text):
    """Conditions of an entity that are constant, or compare a word with what it never is.

    A word of a control that counts phases only has those of the microprogram.
    """
    code = "\n".join(line.partition("--")[0] for line in text.splitlines())
    found = [match[0] for match in CONSTANT.finditer(code)]
    highest = {name: 2 ** (int(top) + 1) - 1 for name, top in WORD.findall(code)}
    if phases := PROGRAM.search(code):
        highest |= {name: int(phases[1]) - 1 for name in highest if PHASE.fullmatch(name)}
    for match in COMPARISON.finditer(code):
        name, operator, value = match[1], match[2], int(match[3])
        if name in highest and _is_constant(operator, value, highest[name]):
            found.append(match[0])
    found += [match[0] for match in BOUNDS.finditer(code) if int(match[2]) >= int(match[3])]
    return found


def _is_constant(operator, value, highest):
    """Whether comparing a word from 0 to `highest` with a value always gives the same."""
    if operator in ("<", ">="):
        return value == 0 or value > highest
    if operator in ("<=", ">"):
        return value >= highest
    # a word of one value is equal to it, or never
    return value > highest or highest == 0
