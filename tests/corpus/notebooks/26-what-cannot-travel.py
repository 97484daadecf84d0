# %% [markdown]
# # A zoo of live things
# Each function needs something that no text can bring; each error says what to do.
#
# - `connection_user`: error `db`, which is data of cell 3 (`db = sqlite3.connect(":memory:")`): it is the result of a call, `sqlite3.connect(
# - `handle_user`: error `handle`, which is data of cell 4
# - `handle_user`: error it is bound in a `with`
# - `thread_user`: error `done` (needed by `work` of cell 5), which is data of cell 5
# - `config_user`: error `config`, which is data of cell 6 (`config = {"a": 1}`): `config` is changed by assigning to an item in cell 6, line 2
# - `queue_user`: error `jobs`, which is data of cell 7
# - `queue_user`: error a call of `heappush`
# - `sorted_user`: error tag cell 8 and cell 9 `mlrun-setup` to take them whole
# - `default_user`: error `stamp` (needed by `line` of cell 10), which is data of cell 10
# - `magic_user`: error `squares`, which is data of cell 11
# - `output_user`: error `numbers`, which is data of cell 20: it is an output of the function `squares_of`
# - `many`: error needs 2 names that cannot be captured with it
# - `many`: error `--input config --input jobs`
# - `typing_error`: error For `lines`, did you mean `line`?
# - `undefined`: error Define `later` in a cell above, or add `--input later`
# - `fails`: fails ZeroDivisionError

# %%
import heapq, sqlite3, threading, time

# %%
db = sqlite3.connect(":memory:")
db.execute("create table t (a)")

# %%
with open(__import__("os").devnull) as handle:
    handle.read()

# %%
done = threading.Event()


def work():
    done.set()


threading.Thread(target=work).start()

# %%
config = {"a": 1}
config["b"] = 2

# %%
jobs = []
heapq.heappush(jobs, 3)

# %%
names = ["b", "a"]

# %%
names.sort()

# %%
stamp = time.time()


def line(text, at=stamp):
    return f"{at}: {text}"


# %%
# %time squares = [n * n for n in range(3)]

# %%
# %%mlrun connection_user --output n
n = db.total_changes

# %%
# %%mlrun handle_user --output closed
closed = handle.closed

# %%
# %%mlrun thread_user --output was
work()
was = True

# %%
# %%mlrun config_user --output a
a = config["a"]

# %%
# %%mlrun queue_user --output first
first = jobs[0]

# %%
# %%mlrun sorted_user --output first
first = names[0]

# %%
# %%mlrun default_user --output text
text = line("x")[-1]

# %%
# %%mlrun magic_user --output last
last = squares[-1]

# %%
# %%mlrun squares_of --output numbers
numbers = [n * n for n in range(3)]

# %%
# %%
# %%mlrun output_user --output last
last = numbers[-1]

# %%
# %%mlrun many --output both
both = [config["a"], jobs[0]]

# %%
# %%mlrun given --input numbers --output last
last = numbers[-1]

# %%
# %%mlrun fails
x: int = 0
1 / x

# %%
# %%mlrun typing_error --output text
text = lines("x")

# %%
# %%mlrun undefined --output x
x = later + 1

# %%
later = 1
