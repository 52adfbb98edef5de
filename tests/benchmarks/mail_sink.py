"""A mail server that takes everything: `python -m tests.benchmarks.mail_sink PORT FILE`; the ids go to the file."""

import asyncio
import sys
from pathlib import Path
from typing import TextIO

from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    def __init__(self, ids: TextIO) -> None:
        self._ids = ids

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        head = envelope.content.partition(b"\r\n\r\n")[0]
        ids = [line for line in head.split(b"\r\n") if line.lower().startswith(b"message-id:")]
        self._ids.write(ids[0].partition(b":")[2].strip().decode() + "\n")
        self._ids.flush()
        return "250 2.0.0 Ok: queued"


async def serve(port: int, file: Path) -> None:
    with file.open("a") as ids:
        handler = Sink(ids)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(handler, hostname="sink.example"), "127.0.0.1", port)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
