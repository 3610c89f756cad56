"""A page about a network: one HTML file with tables and pictures, that needs no network to be read."""

from sw.report.html import render
from sw.report.sections import report
from sw.report.subject import Subject

__all__ = ["Subject", "render", "report"]
