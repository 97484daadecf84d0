import mlrun
import pandas as pd


@mlrun.handler(labels={"team": "risk"}, outputs=["first-half:dataset", "second_half", "middle:result"])
def halves(data: pd.DataFrame, other: pd.DataFrame = None):
    middle = len(data) // 2
    if other is not None:
        data = pd.concat([data, other])
    return data[:middle], data[middle:], middle
