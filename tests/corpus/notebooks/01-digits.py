# %% [markdown]
# # Handwritten digits
# The classic: load, look, split, fit, judge.
#
# - `train`: notice `np.random.seed(42)` in cell 2
# - `report`: notice `np.random.seed(42)` in cell 2

# %%
# %matplotlib inline
import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix
from sklearn.model_selection import train_test_split

np.random.seed(42)

# %%
digits = load_digits()
digits.data.shape

# %%
fig, axes = plt.subplots(2, 5, figsize=(8, 3))
for ax, image, label in zip(axes.flat, digits.images, digits.target):
    ax.imshow(image, cmap="gray_r")
    ax.set_title(label)
plt.tight_layout()

# %%
TEST_SIZE = 0.25
SEED = 0
SPLIT = {"test_size": TEST_SIZE, "random_state": SEED}


# %%
def scale(images):
    """Grey values between 0 and 1."""
    return images / 16


X, y = scale(digits.data), digits.target

# %%
# %%mlrun train --input X --input y --output model --output accuracy
regularisation: float = 0.5
iterations: int = 200
X_train, X_test, y_train, y_test = train_test_split(X, y, **SPLIT)
model = LogisticRegression(C=regularisation, max_iter=iterations).fit(X_train, y_train)
accuracy = accuracy_score(y_test, model.predict(X_test))
print(f"accuracy {accuracy:.3f}")

# %%
accuracy

# %%
# %%mlrun report --input X --input y --input model --output matrix
X_test, y_test = train_test_split(X, y, **SPLIT)[1::2]
matrix = confusion_matrix(y_test, model.predict(X_test))
plt.figure()
plt.imshow(np.log1p(matrix))
plt.show()

# %%
matrix.trace() / matrix.sum()
