# %% [markdown]
# # Many small downloads
# A stub server in this process, coroutines across cells, `await` in the open.

# %%
import asyncio
import json
from contextlib import asynccontextmanager

# %%
PAGES = {f"/item/{n}": {"id": n, "price": n * 1.5} for n in range(1, 6)}
LIMIT = 2


async def answer(reader, writer):
    request = (await reader.readline()).decode()
    _, path, *_ = request.split()
    writer.write(json.dumps(PAGES.get(path, {"error": 404})).encode())
    writer.close()


# %%
@asynccontextmanager
async def stub(host="127.0.0.1"):
    server = await asyncio.start_server(answer, host, 0)
    async with server:
        yield host, server.sockets[0].getsockname()[1]


async def fetch(address, path, gate):
    async with gate:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(f"GET {path}\n".encode())
        body = await reader.read()
        writer.close()
        return json.loads(body)


# %%
async with stub() as address:
    first = await fetch(address, "/item/1", asyncio.Semaphore(1))
first


# %%
async def ticks(n):
    for i in range(n):
        yield i
        await asyncio.sleep(0)


# %%
# %%mlrun download --output items --output total
paths: list = ["/item/1", "/item/3", "/item/9"]
gate = asyncio.Semaphore(LIMIT)
async with stub() as address:
    items = await asyncio.gather(*(fetch(address, path, gate) for path in paths))
total = sum(item.get("price", 0) for item in items)

# %%
total

# %%
# %%mlrun count --output seen
n: int = 4
seen = [tick * 2 async for tick in ticks(n)]
async for tick in ticks(2):
    seen.append(tick)
