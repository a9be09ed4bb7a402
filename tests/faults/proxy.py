"""A TCP proxy that delays, holds, corrupts, repeats and cuts what goes through it, by a seed."""

import asyncio
import contextlib
import random
import socket
import tempfile
import threading
from dataclasses import dataclass, field

from preload import preloaded

CHUNK_BYTES = 1 << 16


@dataclass
class trouble:
    """What may happen to a chunk, with which probability; `side`: "out" is towards who was called."""

    delay_s: float = 0
    jitter_s: float = 0
    corrupt: float = 0
    repeat: float = 0
    truncate: float = 0  # half of a chunk goes on, then the connection is reset
    reset_each: int = 0  # chunks of a connection, then it is reset
    holds: tuple[str, ...] = ()
    happened: int = field(default=0, compare=False)


class proxy:
    """Between any clients and `target`; without one, between processes that redirect.c is loaded into and the ports
    that they mean. Runs on a thread of its own until close()."""

    def __init__(self, seed: int, target: tuple[str, int] | None = None):
        self.trouble: dict[int | None, trouble] = {}  # by the port that is meant; None: all others
        self.connections = 0
        self._random, self._target, self._meant = random.Random(seed), target, {}
        self._writers: set[asyncio.StreamWriter] = set()
        self._recorded: dict[int, bytes] = {}  # the beginnings of what was said to a port
        self._folder = tempfile.TemporaryDirectory(prefix="volley-proxy-")
        self._told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._told.bind(f"{self._folder.name}/told")
        self._told.setblocking(False)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._await(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]

    def environment(self) -> dict[str, str]:
        """Of processes whose connections go through here."""
        library = preloaded("redirect.c", self._folder.name)
        return {**library, "VOLLEY_FAULT_PROXY": f"{self.port}:{self._folder.name}/told"}

    def reset_all(self) -> None:
        self._loop.call_soon_threadsafe(lambda: [self._reset(one) for one in list(self._writers)])

    def replay(self) -> None:
        """Says what was once said again, on new connections."""
        self._await(self._replay())

    def close(self) -> None:
        self._await(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._told.close()
        self._folder.cleanup()

    def _await(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    async def _end(self) -> None:
        self._server.close()
        ends = asyncio.all_tasks() - {asyncio.current_task()}
        for one in ends:
            one.cancel()
        await asyncio.gather(*ends, return_exceptions=True)
        for writer in list(self._writers):
            self._reset(writer)

    async def _replay(self) -> None:
        for port, words in list(self._recorded.items()):
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(words)
                self._writers.add(writer)

    def _port_meant(self, client: int) -> int:
        with contextlib.suppress(BlockingIOError):
            while True:
                source, meant = self._told.recv(64).split()
                self._meant[int(source)] = int(meant)
        return self._meant.pop(client)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            to = self._target or ("127.0.0.1", self._port_meant(writer.get_extra_info("peername")[1]))
            far_reader, far_writer = await asyncio.open_connection(*to)
        except (OSError, KeyError):
            return self._reset(writer)
        self.connections += 1
        both = {writer, far_writer}
        for one in both:
            one.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._writers |= both
        try:
            await asyncio.gather(
                self._pump(reader, far_writer, to[1], "out", both), self._pump(far_reader, writer, to[1], "in", both)
            )
        finally:
            self._writers -= both

    async def _pump(self, source, sink, port: int, side: str, both) -> None:
        try:
            count = 0
            while chunk := await source.read(CHUNK_BYTES):
                if side == "out" and len(self._recorded.get(port, b"")) < 4096:
                    self._recorded[port] = self._recorded.get(port, b"") + chunk
                count += 1
                if not await self._pass_on(chunk, sink, port, side, count):
                    break
                await sink.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        for one in both:
            self._reset(one)

    async def _pass_on(self, chunk: bytes, sink, port: int, side: str, count: int) -> bool:
        """False: the connection is to be reset."""
        what, draw = self.trouble.get(port, self.trouble.get(None, trouble())), self._random.random
        if what.delay_s:
            await asyncio.sleep(max(0.0, what.delay_s + self._random.uniform(-1, 1) * what.jitter_s))
        while side in self.trouble.get(port, self.trouble.get(None, trouble())).holds:
            await asyncio.sleep(0.01)
        if draw() < what.corrupt:
            what.happened += 1
            bit = self._random.randrange(8 * len(chunk))
            chunk = chunk[: bit // 8] + bytes([chunk[bit // 8] ^ 1 << bit % 8]) + chunk[bit // 8 + 1 :]
        if draw() < what.repeat:
            what.happened += 1
            sink.write(chunk)
        ends = draw() < what.truncate or (what.reset_each > 0 and count >= what.reset_each)
        what.happened += ends
        sink.write(chunk[: len(chunk) // 2] if ends else chunk)
        return not ends

    @staticmethod
    def _reset(writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, AttributeError, RuntimeError):
            writer.transport.abort()
