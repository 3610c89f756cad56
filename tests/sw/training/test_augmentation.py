"""Pictures under random affine maps, and distorted."""

import numpy as np
import pytest

from spiker.recipe_training import Augmentation
from sw.training.augmentation import augmented

PICTURE = np.random.default_rng(2).integers(0, 256, (1, 6 * 8)).astype(np.uint8)
SHAPE = (6, 8)


class Extreme:
    """A generator whose every draw is the largest deviation."""

    def uniform(self, low, high, shape):
        return np.full(shape, high)


def varied(pictures, shape, draw=None, **settings):
    return augmented(pictures, shape, Augmentation(**settings), draw or np.random.default_rng(1))


def test_without_deviations_pictures_stay_as_they_are():
    np.testing.assert_array_equal(varied(PICTURE, SHAPE), PICTURE)


def test_a_shift_by_pixels_moves_the_picture_and_fills_with_zero():
    moved = varied(PICTURE, SHAPE, Extreme(), shift=1.0).reshape(SHAPE)
    # the map says where a pixel comes from: one to the right and one below
    expected = np.zeros(SHAPE, np.uint8)
    expected[:-1, :-1] = PICTURE.reshape(SHAPE)[1:, 1:]
    np.testing.assert_array_equal(moved, expected)


@pytest.mark.parametrize("shape", [(5, 5), (5, 9)])
def test_a_quarter_turn_turns_the_picture(shape):
    """In pictures that aren't square too: a line through the center turns from across to down."""
    rows, columns = shape
    picture = np.zeros(shape, np.uint8)
    picture[rows // 2, columns // 2 - 2 : columns // 2 + 3] = 200
    expected = np.zeros(shape, np.uint8)
    expected[:, columns // 2] = 200
    turned = varied(picture.reshape(1, -1), shape, Extreme(), rotation=np.pi / 2)
    np.testing.assert_allclose(turned.reshape(shape).astype(int), expected, atol=1)


def test_a_larger_scale_enlarges_the_picture():
    picture = np.zeros((9, 9), np.uint8)
    picture[3:6, 3:6] = 255
    larger = varied(picture.reshape(1, -1), (9, 9), Extreme(), scale=0.5)
    # in each direction: pixels 0, 1 and 2 from the center come from 0, 2/3 and 4/3, the last from a
    # third of the square; 3 comes from 2, outside of it
    assert larger.sum() / 255 == pytest.approx((3 + 2 * 2 / 3) ** 2, rel=0.01)


def test_pictures_vary_by_themselves_and_by_the_seed():
    twice = np.repeat(PICTURE, 2, axis=0)
    first = varied(twice, SHAPE, np.random.default_rng(1), shift=1.0, rotation=0.2)
    again = varied(twice, SHAPE, np.random.default_rng(1), shift=1.0, rotation=0.2)
    np.testing.assert_array_equal(first, again)
    assert (first[0] != first[1]).any()


def test_points_that_all_move_alike_move_the_picture():
    shifted = varied(PICTURE, SHAPE, Extreme(), shift=1.0)
    np.testing.assert_array_equal(varied(PICTURE, SHAPE, Extreme(), elastic=1.0), shifted)


def test_a_point_moves_what_is_near_it():
    class Corner(Extreme):
        """The first point, up and to the left, moves; the others don't."""

        def uniform(self, low, high, shape):
            moves = np.zeros(shape)
            if np.ndim(moves) == 4:
                moves[:, 0, 0] = high
            return moves

    picture = np.arange(1, 170).reshape(13, 13).astype(np.uint8)[None]
    moved = varied(picture.reshape(1, -1), (13, 13), Corner(), elastic=1.0).reshape(13, 13)
    # the pixel in the corner comes from one to the right and one below
    assert moved[0, 0] == picture[0, 1, 1]
    # from the third point on, a cubic hears nothing of the first one
    np.testing.assert_array_equal(moved[8:, :], picture[0, 8:, :])
    np.testing.assert_array_equal(moved[:, 8:], picture[0, :, 8:])
    assert (moved != picture).any()


def test_the_distortion_is_drawn_for_each_picture():
    first, second = varied(np.repeat(PICTURE, 2, axis=0), SHAPE, elastic=2.0)
    assert (first != second).any()
