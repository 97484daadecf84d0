from typing import Dict, List, Optional, Tuple, Union

BASE = 2


def describe(
    text: str = "a 'quoted' text",
    count: int = 3,
    rate: float = -1e-3,
    flag: bool = False,
    nothing: Optional[int] = None,
    names: List[str] = ["a", "b"],
    table: Dict[str, int] = {"a": 1},
    pair: Tuple[int, int] = (1, 2),
    either: Union[str, List[str]] = "x",
    computed=BASE * 2 + 1,
    plain=10,
    wrong: int = 0.5,
    whatever=None,
    *,
    only: str = "named",
):
    """
    Say what came.

    :param text:    a text, with a colon: here
    :param count:   how many,
                    in all
    :type rate: float
    :param rate: how fast
    :return: everything
    """
    given = [text, count, rate, flag, nothing, names, table, pair, either, computed, plain, wrong, whatever, only]
    said, is_pair = repr(given), isinstance(pair, tuple)
    return said, is_pair
