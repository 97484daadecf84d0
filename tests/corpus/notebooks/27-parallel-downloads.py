# %% [markdown]
# # Threads, locks and a server of our own
# A local HTTP stub in a thread; a pool that calls captured functions; a lock and a local in the open.

# %%
import json
import threading
import urllib.parse
import urllib.request
from concurrent import futures
from contextlib import ExitStack, closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# %%
LOCK = threading.Lock()
PRICES = {"tea": 3.5, "mug": 8.0, "pot": 21.0}
MISSING = object
seen = []


# %%
class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        query = urllib.parse.urlsplit(self.path).query
        name = urllib.parse.parse_qs(query).get("name", [""])[0]
        with LOCK:
            self.server.asked.append(name)
        self.send_response(200 if name in PRICES else 404)
        self.end_headers()
        self.wfile.write(json.dumps({"name": name, "price": PRICES.get(name)}).encode())

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Shop)
        self.asked = []

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    @property
    def url(self):
        return "http://{}:{}/?".format(*self.server_address)


# %%
def ask(url, name):
    with closing(urllib.request.urlopen(url + urllib.parse.urlencode({"name": name}))) as answer:
        return json.load(answer)["price"]


def ask_all(url, names, workers=4):
    with futures.ThreadPoolExecutor(workers) as pool:
        pending = {pool.submit(ask, url, name): name for name in names}
        for done in futures.as_completed(pending):
            with suppress(urllib.error.HTTPError):
                yield pending[done], done.result()


# %%
with Server() as shop:
    seen = sorted(ask_all(shop.url, ["tea"]))
seen

# %%
# %%mlrun prices --output found --output asked
names: list = ["pot", "tea", "spoon"]
import urllib.error

with ExitStack() as stack:
    shop = stack.enter_context(Server())
    found = dict(sorted(ask_all(shop.url, names)))
    asked = sorted(shop.asked)

# %%
found
