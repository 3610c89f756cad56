"""What a training's curve shows."""

import numpy as np

from sw.plots import draw_training_curve

LOSS = np.array([2.0, 1.0, 1.2, 0.7, 0.5])
ACCURACY = np.array([0.2, 0.6, 0.55, 0.75, 0.9])
VALIDATION = np.array([0.1, 0.5, 0.5, 0.7, 0.8])


def drawn(*, quantized=(0, 0, 1, 1, 1), validation=VALIDATION):
    picture = draw_training_curve(
        {
            "quantized": np.array(quantized, np.int8),
            "loss": LOSS,
            "accuracy": ACCURACY,
            "validation_accuracy": validation,
        }
    )
    return picture.axes


def test_loss_and_accuracies_stand_over_the_epochs():
    loss, accuracy = drawn()
    np.testing.assert_array_equal(loss.lines[0].get_xydata(), np.stack([range(1, 6), LOSS], axis=1))
    assert loss.get_yscale() == "log"
    training, validation = accuracy.lines
    np.testing.assert_array_equal(training.get_ydata(), 100 * ACCURACY)
    np.testing.assert_array_equal(validation.get_ydata(), 100 * VALIDATION)
    assert [text.get_text() for text in accuracy.texts] == ["90.00 %", "80.00 %"]


def test_without_a_validation_there_is_one_accuracy():
    _, accuracy = drawn(validation=np.full(5, np.nan))
    assert len(accuracy.lines) == 1


def test_epochs_with_real_numbers_are_shaded():
    for axes in drawn():
        shade = axes.patches[0].get_bbox()
        assert (shade.x0, shade.x1) == (0.5, 2.5)
    for axes in drawn(quantized=(1, 1, 1, 1, 1)):
        assert len(axes.patches) == 0


def test_one_epoch_can_be_drawn():
    curve = {
        "quantized": np.ones(1),
        "loss": np.ones(1),
        "accuracy": np.ones(1),
        "validation_accuracy": np.ones(1),
    }
    assert draw_training_curve(curve).png()
