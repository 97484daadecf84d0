# %% [markdown]
# # Which words make a text long
# Text processing with the standard library; a list is shadowed on the way, as it happens.

# %%
import re, string
from collections import Counter, defaultdict

WORD = re.compile(r"[^\W\d_]+")
STOP = set("the a an of to and in that it is was".split())
PUNCTUATION = str.maketrans("", "", string.punctuation)

# %%
text = """It was the best of times, it was the worst of times, it was the age of wisdom,
it was the age of foolishness, it was the epoch of belief, it was the epoch of incredulity,
it was the season of Light, it was the season of Darkness."""

# %%
list = [word.lower() for word in WORD.findall(text)]
id = {word: number for number, word in enumerate(sorted(set(list)))}
len(list), len(id)

# %%
sentences = [part.strip() for part in text.replace("\n", " ").split(",")]
for position, sentence in enumerate(sentences):
    print(position, sentence)


# %%
def tokens(text, *, stop=frozenset()):
    """Words in small letters, those of `stop` left out."""
    return (word for word in (match.group().lower() for match in WORD.finditer(text)) if word not in stop)


def ngrams(words, n=2):
    words = [*words]
    return zip(*(words[i:] for i in range(n)))


# %%
# %%mlrun frequency --input text --output common --output lengths
top: int = 5
common = Counter(tokens(text, stop=STOP)).most_common(top)
lengths = defaultdict(int)
for word in tokens(text):
    lengths[len(word)] += 1
lengths = dict(lengths)

# %%
common


# %%
# %%mlrun pairs --input text
#| mlrun.output: [pairs_found, longest]
n: int = 2
pairs_found = Counter(" ".join(pair) for pair in ngrams(tokens(text), n))
longest = max(pairs_found, key=lambda pair: (len(pair), pair))
pairs_found = sorted(pairs_found.items())

# %%
# %%mlrun vectors --input sentences --input id --output matrix --output width
import numpy as np

matrix = np.zeros((len(sentences), len(id)), dtype=int)
for row, sentence in enumerate(sentences):
    for word in tokens(sentence):
        matrix[row, id[word]] += 1
width: int = matrix.shape[1]

# %%
matrix.sum(axis=1), longest
