"""Squares that reach beyond an image."""

import numpy as np

from cxr_studio.masks.boxes import cut_square


def test_an_image_is_mirrored_beyond_its_edge_and_a_mask_is_empty() -> None:
    image = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]], np.uint16)
    np.testing.assert_array_equal(cut_square(image, (-1, 1), 3), [[2, 3, 3], [2, 3, 3], [5, 6, 6]])
    np.testing.assert_array_equal(cut_square(image > 0, (-1, 1), 3), [[0, 0, 0], [1, 1, 0], [1, 1, 0]])
    np.testing.assert_array_equal(cut_square(image, (1, 1), 2), image[1:, 1:])
    assert cut_square(image, (-1, 1), 3).dtype == np.uint16
