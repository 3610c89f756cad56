"""How often the network is right, and when."""

import numpy as np

from spiker.fixed_point import IntArray
from sw.plots import draw_accuracy_over_steps, draw_confusion_matrix
from sw.report.page import Figure, Section, Table
from sw.report.subject import Subject
from sw.report.words import percent

MOST_CLASSES = 200
"""Above that a confusion matrix is a grey field of many megabytes."""

MOST_CONFUSIONS = 8
"""Lines of the table."""


def answers(subject: Subject) -> Section | None:
    """Accuracy and confusions, where the samples have labels."""
    if subject.analysis is None:
        return None
    found = subject.analysis.answers
    by_step = found.accuracy_by_step
    if found.accuracy is None or by_step is None:
        about = f"{subject.analysis.samples:,} samples of {subject.source}, without labels."
        return Section("answers", "Answers", about)
    figures = [_over_steps(by_step)]
    tables = []
    if found.classes <= MOST_CLASSES:
        matrix = found.confusion
        assert matrix is not None  # there are labels
        figures.insert(0, _matrix(matrix))
        if (confusions := _confusions(matrix)).rows:
            tables.append(confusions)
    right = int(np.count_nonzero(found.predicted == found.labels))
    about = (
        f"{percent(found.accuracy)}: {right:,} of {subject.analysis.samples:,} samples of {subject.source}."
    )
    return Section("answers", "Answers", about, tables, figures)


def _matrix(matrix: IntArray) -> Figure:
    return Figure(
        draw_confusion_matrix(matrix),
        "Confusion matrix: how many samples of each class (row) got each answer (column). On the diagonal "
        "answers are right.",
        f"Confusion matrix of {len(matrix)} classes: {int(np.trace(matrix)):,} of {int(matrix.sum()):,} "
        "samples lie on the diagonal.",
    )


def _over_steps(accuracy: np.ndarray) -> Figure:
    return Figure(
        draw_accuracy_over_steps(accuracy),
        "Accuracy, had every sample ended after so many time steps.",
        f"Accuracy over the time steps, from {percent(accuracy[0])} after the first to "
        f"{percent(accuracy[-1])} after the last of {len(accuracy)}.",
    )


def _confusions(matrix: IntArray) -> Table:
    """The most frequent wrong answers."""
    wrong = matrix.copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:MOST_CONFUSIONS]
    rows = []
    for label, answer in zip(*np.unravel_index(order, wrong.shape), strict=True):
        if wrong[label, answer]:
            of_label = int(matrix[label].sum())
            count = int(wrong[label, answer])
            rows.append((f"{label}", int(answer), count, percent(count / of_label)))
    columns = ("label", "answer", "samples", "of the label's")
    return Table("Most frequent wrong answers", columns, rows)
