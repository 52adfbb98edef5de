"""A crowd of devices: requests that begin at their own moments, whether or not the earlier ones have been answered."""

import asyncio
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: A request that takes longer has failed.
PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Call:
    """One request: a body to be posted, or none to be read."""

    path: str
    token: str = ""
    body: object = None

    def as_bytes(self, port: int) -> bytes:
        data = b"" if self.body is None else json.dumps(self.body).encode()
        lines = [f"{'GET' if self.body is None else 'POST'} {self.path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
        lines += [f"Authorization: Bearer {self.token}"] if self.token else []
        lines += ["Content-Type: application/json", f"Content-Length: {len(data)}", "Connection: close", "", ""]
        return "\r\n".join(lines).encode() + data


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: after how many seconds from the planned begin, and when the server wants to be asked again."""

    call: Call
    seconds: float
    status: int
    retry_after: float
    body: bytes


def at_rate(calls: Iterable[Call], *, per_second: float, port: int) -> list[Answer]:
    """Begin the calls at an even pace, and wait for all answers. A connection that breaks has the status 0."""

    async def run() -> list[Answer]:
        begin = time.perf_counter()
        moments = [(begin + number / per_second, call) for number, call in enumerate(calls)]
        return list(await asyncio.gather(*(_at(moment, call, port) for moment, call in moments)))

    return asyncio.run(run())


def until_taken(calls: Sequence[Call], *, per_second: float, port: int) -> tuple[list[Answer], float]:
    """As devices do: who is sent away comes back when told. All final answers, and the seconds that it took."""

    async def run() -> tuple[list[Answer], float]:
        begin = time.perf_counter()
        moments = [(begin + number / per_second, call) for number, call in enumerate(calls)]
        answers = await asyncio.gather(*(_patiently(moment, call, port) for moment, call in moments))
        return list(answers), time.perf_counter() - begin

    return asyncio.run(run())


def percentile(answers: Sequence[Answer], percent: int) -> float:
    """So many percent of the answers came within these milliseconds."""
    ordered = sorted(answer.seconds for answer in answers)
    return 1000 * ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


async def _patiently(moment: float, call: Call, port: int) -> Answer:
    while True:
        answer = await _at(moment, call, port)
        if answer.status not in {0, 429, 503}:
            return answer
        moment = time.perf_counter() + (answer.retry_after or 5)


async def _at(moment: float, call: Call, port: int) -> Answer:
    await asyncio.sleep(max(0.0, moment - time.perf_counter()))
    try:
        async with asyncio.timeout(PATIENCE_S):
            head, body = await _exchange(call.as_bytes(port), port)
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return Answer(call, time.perf_counter() - moment, 0, 0, b"")
    status = int(head.split(b" ", 2)[1])
    waits = [line for line in head.split(b"\r\n") if line.lower().startswith(b"retry-after:")]
    retry_after = float(waits[0].partition(b":")[2]) if waits else 0
    return Answer(call, time.perf_counter() - moment, status, retry_after, body)


async def _exchange(request: bytes, port: int) -> tuple[bytes, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        return head, await reader.read()
    finally:
        writer.close()
