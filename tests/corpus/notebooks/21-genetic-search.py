# %% [markdown]
# # Breeding a sentence
# A genetic search with operators, slots and an abstract base. The seed is repeated in the function, as the notice asks.
#
# - `evolve`: notice `random.seed(5)` in cell 2

# %%
import random
from abc import ABC, abstractmethod
from string import ascii_lowercase as LETTERS

random.seed(5)

# %%
ALPHABET = LETTERS + " "
GOAL = "to be or not"
POPULATION = 40
ELITE = POPULATION // 10


# %%
class Individual(ABC):
    __slots__ = ("genes", "_score")

    def __init__(self, genes):
        self.genes, self._score = genes, None

    @abstractmethod
    def fitness(self): ...

    @property
    def score(self):
        if self._score is None:
            self._score = self.fitness()
        return self._score

    def __mul__(self, other):
        return type(self)("".join(random.choice(pair) for pair in zip(self.genes, other.genes)))

    def __invert__(self):
        position = random.randrange(len(self.genes))
        return type(self)(self.genes[:position] + random.choice(ALPHABET) + self.genes[position + 1 :])

    def __lt__(self, other):
        return self.score < other.score


# %%
class Sentence(Individual):
    __slots__ = ()

    @classmethod
    def any(cls):
        return cls("".join(random.choices(ALPHABET, k=len(GOAL))))

    def fitness(self):
        return sum(a == b for a, b in zip(self.genes, GOAL))


# %%
first = [Sentence.any() for _ in range(POPULATION)]
max(first).genes


# %%
def next_generation(population):
    ranked = sorted(population, reverse=True)
    children = (ranked[random.randrange(POPULATION // 2)] * ranked[random.randrange(ELITE)] for _ in range(POPULATION))
    return ranked[:ELITE] + [~child if random.random() < 0.5 else child for child in children][ELITE:]


# %%
# %%mlrun evolve --output winner --output generation
seed: int = 5
limit: int = 60
random.seed(seed)
population = [Sentence.any() for _ in range(POPULATION)]
for generation in range(limit):
    population = next_generation(population)
    if (best := max(population)).score == len(GOAL):
        break
else:
    generation = -1
winner = best.genes

# %%
winner, generation
