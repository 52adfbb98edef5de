"""The crowd of the load bench: several kinds of requests at once, from a process of its own.

Each request has its planned moment. The time of its answer counts from there, so that a server which is behind does not
look faster by slowing down those who ask.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context

from tests.benchmarks.doors_load import Answer, Call, paced

Answers = Mapping[str, list[Answer]]


@dataclass(frozen=True, slots=True)
class Stream:
    """Requests of one kind at an even pace."""

    name: str
    calls: Sequence[Call]
    per_second: float


@dataclass(frozen=True, slots=True)
class Crowd:
    """Asks the server at the port."""

    pool: ProcessPoolExecutor
    port: int

    def ask(self, *streams: Stream) -> Answers:
        """All streams at once; the answers by the names of the streams."""
        return self.begin(*streams).result()

    def begin(self, *streams: Stream) -> "Future[Answers]":
        """The same, without waiting for it."""
        return self.pool.submit(_ask, streams, self.port)


@contextmanager
def crowd_at(port: int) -> Iterator[Crowd]:
    """A crowd before this port while the block runs."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield Crowd(pool, port)


def _ask(streams: Sequence[Stream], port: int) -> Answers:
    async def run() -> list[list[Answer]]:
        return await asyncio.gather(
            *(paced(stream.calls, per_second=stream.per_second, port=port) for stream in streams)
        )

    return dict(zip((stream.name for stream in streams), asyncio.run(run()), strict=True))
