"""A risk from two features."""

import numpy as np

__all__ = ["Risk"]


class Risk:
    def __init__(self, weight):
        self.weight = weight

    def of(self, table):
        return 1 / (1 + np.exp(-self.weight * (table["rate"] * 5 - table["months"] / 12)))
