"""Features of a customer."""

import pandas as pd

from .words import COLUMNS


def read(path):
    return pd.read_csv(path)


def prepare(customers):
    table = customers.assign(rate=customers["calls"] / customers["months"])
    return table[list(COLUMNS)]
