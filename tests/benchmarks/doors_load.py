"""A crowd of devices: requests that begin at their own moments, whether or not the earlier ones have been answered."""

import asyncio
import json
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

#: A request that takes longer has failed.
PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Form:
    """A form with fields and one file, which is read at the moment it is sent."""

    fields: Mapping[str, str]
    file: Path

    def as_bytes(self) -> tuple[str, bytes]:
        """The media type, and the body."""
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in self.fields.items()
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{self.file.name}"\r\n\r\n'
        data = "".join([*parts, head]).encode() + self.file.read_bytes() + f"\r\n--{mark}--\r\n".encode()
        return f"multipart/form-data; boundary={mark}", data


@dataclass(frozen=True, slots=True)
class Call:
    """One request: a body or a form to be posted, or none to be read. `name` is that of the row which it makes."""

    path: str
    token: str = ""
    body: object = None
    form: Form | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    name: str = ""

    def as_bytes(self, port: int) -> bytes:
        media_type, data = "application/json", b"" if self.body is None else json.dumps(self.body).encode()
        if self.form is not None:
            media_type, data = self.form.as_bytes()
        method = "GET" if self.body is None and self.form is None else "POST"
        told = {"Host": f"127.0.0.1:{port}", "Content-Type": media_type, **self.headers}
        if self.token:
            told["Authorization"] = f"Bearer {self.token}"
        told |= {"Content-Length": str(len(data)), "Connection": "close"}
        lines = [f"{method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items()), "", ""]
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

    return asyncio.run(paced(calls, per_second=per_second, port=port))


async def paced(calls: Iterable[Call], *, per_second: float, port: int) -> list[Answer]:
    """The same in a loop that runs already."""
    begin = time.perf_counter()
    moments = [(begin + number / per_second, call) for number, call in enumerate(calls)]
    return list(await asyncio.gather(*(_at(moment, call, port) for moment, call in moments)))


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
