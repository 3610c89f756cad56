"""The rules of learning: one file each, one line each in `RULES`."""

from spiker.registry import Registry
from sw.stdp.competition import CompetitionRule
from sw.stdp.diehl_cook import DiehlCookRule
from sw.stdp.rule import Rule

RULES: Registry[type[Rule]] = Registry("rule", {rule.name: rule for rule in (CompetitionRule, DiehlCookRule)})
