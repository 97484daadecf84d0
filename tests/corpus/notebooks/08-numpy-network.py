# %% [markdown]
# # A small network, by hand
# Layers over three cells, a trained network that the next function takes as its own class, a curve that grew in a loop.
#
# - `fit`: notice `Dense.gain = 0.5` in cell 6
# - `probe`: notice `Dense.gain = 0.5` in cell 6
# - `fit`: differs `trained`: `Dense.gain` is changed in cell 6 and travels as it was first written
# - `fit`: differs `last_loss`: as above
# - `curve`: error `losses`, which is data of cell 9 (`losses = []`): `losses` is changed by a call of `append` in cell 9
# - `curve`: error tag cell 9 `mlrun-setup`

# %%
import numpy as np
from contextlib import contextmanager
from dataclasses import dataclass, field


# %%
class Layer:
    """Something between two arrays."""

    def forward(self, x):
        raise NotImplementedError

    def backward(self, grad, rate):
        raise NotImplementedError

    def __or__(self, other):
        return Network([*getattr(self, "layers", [self]), other])


# %%
class Relu(Layer):
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, grad, rate):
        return grad * self.mask


class Dense(Layer):
    gain = 1.0

    def __init__(self, inputs, outputs, rng):
        self.w = rng.normal(0, self.gain / np.sqrt(inputs), (inputs, outputs))
        self.b = np.zeros(outputs)

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, grad, rate):
        before = grad @ self.w.T
        self.w -= rate * self.x.T @ grad
        self.b -= rate * grad.sum(axis=0)
        return before


# %%
@dataclass
class Network(Layer):
    layers: list = field(default_factory=list)

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, grad, rate):
        for layer in reversed(self.layers):
            grad = layer.backward(grad, rate)
        return grad


# %%
Dense.gain = 0.5


# %%
def spiral(n, rng):
    t = np.linspace(0.2, 1, n)
    a = t * 4 + rng.normal(0, 0.1, n)
    x = np.concatenate([np.c_[t * np.cos(a), t * np.sin(a)], np.c_[-t * np.cos(a), -t * np.sin(a)]])
    return x, np.repeat([1.0, -1.0], n)[:, None]


def step(network, x, y, rate):
    guess = network.forward(x)
    network.backward(2 * (guess - y) / len(x), rate)
    return float(np.mean((guess - y) ** 2))


# %%
x, y = spiral(60, np.random.default_rng(1))

# %%
losses = []
network = Dense(2, 8, np.random.default_rng(2)) | Relu() | Dense(8, 1, np.random.default_rng(3))
for epoch in range(30):
    losses.append(step(network, x, y, 0.1))

# %%
# %%mlrun fit --input x --input y --output trained --output last_loss
epochs: int = 50
rate: float = 0.1
rng = np.random.default_rng(4)
trained = Dense(2, 8, rng) | Relu() | Dense(8, 1, rng)
for epoch in range(epochs):
    last_loss = step(trained, x, y, rate)

# %%
last_loss

# %%
# %%mlrun curve --output smooth
smooth = np.convolve(losses, np.ones(3) / 3, "valid")

# %%
# %%mlrun curve_given --input losses --output smooth
smooth = np.convolve(losses, np.ones(3) / 3, "valid")

# %%
untrained = Network([Dense(2, 1, np.random.default_rng(0))])


# %%
@contextmanager
def frozen(network):
    kept = [layer.w.copy() for layer in network.layers if isinstance(layer, Dense)]
    yield kept
    for layer, w in zip((item for item in network.layers if isinstance(item, Dense)), kept):
        layer.w = w


# %%
# %%mlrun probe --input x --input y --output same --output kinds
network = Dense(2, 4, np.random.default_rng(5)) | Relu() | Dense(4, 1, np.random.default_rng(6))
with frozen(network) as kept:
    step(network, x, y, 0.5)
same = all(np.array_equal(a, b.w) for a, b in zip(kept, network.layers[::2]))
kinds = [type(layer).__name__ for layer in network.layers if isinstance(layer, Layer)]
