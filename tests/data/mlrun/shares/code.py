import pandas as pd

COLUMN = "kind"


def shares_of(table: pd.DataFrame, column: str = COLUMN, digits: int = 3):
    counts = table[column].value_counts()
    return round(float(counts.iloc[0]) / len(table), digits), counts.to_frame()
