# %% [markdown]
# # Sorting short messages
# A pipeline that holds functions of the notebook; the model goes from one function to the next.

# %%
import re

# %%
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import FeatureUnion, Pipeline

# %%
messages = [
    ["cheap pills now", "spam"], ["win money now", "spam"], ["cheap money", "spam"], ["win pills", "spam"],
    ["lunch at noon", "ham"], ["notes of the meeting", "ham"], ["meeting at noon", "ham"], ["your notes", "ham"],
]  # fmt: skip
texts, labels = map(list, zip(*messages))

# %%
TOKEN = re.compile(r"\w{2,}")


def words(text):
    return TOKEN.findall(text.lower())


def shape(text):
    return [f"len{len(text) // 6}", f"words{len(words(text))}"]


# %%
class Majority(BaseEstimator, ClassifierMixin):
    """Says what most say."""

    def __init__(self, share=0.5):
        self.share = share

    def fit(self, X, y):
        self.classes_ = sorted(set(y))
        self.most_ = max(self.classes_, key=list(y).count)
        return self

    def predict(self, X):
        return [self.most_ for _ in X]


# %%
def pipeline(*steps, final):
    union = FeatureUnion([(step.__name__, CountVectorizer(analyzer=step)) for step in steps])
    return Pipeline([("features", union), ("final", final)])


# %%
# %%mlrun train --input texts --input labels --output model --output vocabulary --output base
smoothing: float = 1.0
model = pipeline(words, shape, final=MultinomialNB(alpha=smoothing)).fit(texts, labels)
vocabulary = sorted(model["features"].get_feature_names_out().tolist())
base = Majority().fit(texts, labels)

# %%
vocabulary[:5]

# %%
# %%mlrun judge --input model --input base --output answers --output same
questions: list = ["cheap lunch", "meeting money now"]
answers = [model.predict(questions).tolist(), base.predict(questions)]
same = isinstance(base, Majority)

# %%
answers
