# %% [markdown]
# # Shortest ways through a town
# Graph algorithms; type aliases that annotations evaluate; two functions that call each other.
#
# - `cheapest`: error `MEMO` (needed by `depth` of cell 8), which is data of cell 8 (`MEMO: dict[Node, int] = {}`): `MEMO` is changed by assigning to an item in `depth` (cell 8, line 4), called in cell 9

# %%
from collections import deque
from heapq import heappop, heappush
from typing import Iterator, NamedTuple, NewType, Optional, TypeAlias, Union

# %%
Node = str
Cost: TypeAlias = Union[int, float]
Graph = dict[Node, dict[Node, Cost]]
Path = list[Node]
Found = Optional[tuple[Cost, Path]]
Step = NewType("Step", tuple)


class Edge(NamedTuple):
    start: Node
    end: Node
    cost: Cost = 1


# %%
STREETS = [("a", "b", 4), ("a", "c", 2), ("c", "b", 1), ("b", "d", 5), ("c", "d", 8)]
edges = [Edge(*street) for street in STREETS]


# %%
def graph_of(edges) -> Graph:
    graph: Graph = {}
    for start, end, cost in edges:
        graph.setdefault(start, {})[end] = cost
        graph.setdefault(end, {})
    return graph


town = graph_of(edges)
town


# %%
def shortest(graph: Graph, start: Node, goal: Node) -> Found:
    queue: list[tuple[Cost, Path]] = [(0, [start])]
    done = set()
    while queue:
        cost, path = heappop(queue)
        if (node := path[-1]) == goal:
            return cost, path
        if node not in done:
            done.add(node)
            for following, price in graph[node].items():
                heappush(queue, (cost + price, [*path, following]))
    return None


# %%
# %%mlrun route --input town --output way --output cost
start: str = "a"
goal: str = "d"
cost, way = shortest(town, start, goal)

# %%
MEMO: dict[Node, int] = {}


def depth(graph, node):
    if node not in MEMO:
        MEMO[node] = 1 + max((depth(graph, following) for following in graph[node]), default=0)
    return MEMO[node]


# %%
depth(town, "a")


# %%
# %%mlrun cheapest --input town --output deepest
deepest = depth(town, "c")


# %%
def even(node, graph) -> Iterator[Node]:
    yield node
    for following in graph[node]:
        yield from odd(following, graph)


def odd(node, graph):
    for following in graph[node]:
        yield from even(following, graph)


# %%
def layers(graph, start):
    seen, queue = {start: 0}, deque([start])
    while queue:
        node = queue.popleft()
        for following in graph[node].keys() - seen.keys():
            seen[following] = seen[node] + 1
            queue.append(following)
    return dict(sorted(seen.items()))


# %%
# %%mlrun explore --input town --output evens --output levels
evens = sorted(set(even("a", town)))
levels = layers(town, "a")
step = Step((evens[0], evens[-1]))
