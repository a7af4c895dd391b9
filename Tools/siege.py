"""Besieges `marbles serve` as another user of the computer could, and as a broken browser would.

In each attack a second process asks for the owner, each time on a new connection, and notes how
long the answer takes. Ends with 1 if an answer of the owner's is missing, if memory grows by more
than BOUND, if connections are left when all is over, or if the server does not end as it should: of
a build with sanitizers, what they found is printed.

    python3 Tools/siege.py .build/release/marbles [--long]
"""

import argparse
import json
import multiprocessing
import random
import re
import resource
import selectors
import socket
import subprocess
import sys
import tempfile
import threading
import time

# Mebibytes by which the server may grow in any attack; seconds in which the owner is answered.
BOUND, PATIENCE = 64, 10.0
HOST = "127.0.0.1"
# The exit code of a server that was asked to end.
INTERRUPTED = 130


class Server:
    def __init__(self, program: str, folder: str):
        self.process = subprocess.Popen(
            [program, "serve", "--json", "--no-open", "--quiet", "--runs", folder],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        url = json.loads(self.process.stdout.readline())["url"]
        self.port, self.token = re.search(r":(\d+)/\?token=(\w+)", url).groups()
        self.port = int(self.port)

    def head(self, line: str, *fields: str, known: bool = True) -> bytes:
        cookie = [f"Cookie: marbles-{self.port}={self.token}"] if known else []
        lines = [f"{line} HTTP/1.1", f"Host: {HOST}:{self.port}", *cookie, *fields]
        return "\r\n".join(lines).encode() + b"\r\n\r\n"

    def memory(self) -> float:
        """Resident, mebibytes."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) / 1024

    def sockets(self) -> int:
        """Connections that are established on its side."""
        with open(f"/proc/{self.process.pid}/net/tcp") as table:
            rows = [line.split() for line in table.readlines()[1:]]
        return sum(row[3] == "01" and row[1].endswith(f":{self.port:04X}") for row in rows)


def owner(port: int, request: bytes, stop, results) -> None:
    """Asks until it is told to stop; gives the time of every answer, or what went wrong."""
    times, problems = [], []
    while not stop.is_set():
        start = time.monotonic()
        try:
            with socket.create_connection((HOST, port), timeout=PATIENCE) as client:
                client.settimeout(PATIENCE)
                client.sendall(request)
                answer = b""
                while b"\r\n\r\n" not in answer:
                    piece = client.recv(65536)
                    if not piece:
                        break
                    answer += piece
            if answer.startswith(b"HTTP/1.1 200"):
                times.append(time.monotonic() - start)
            else:
                problems.append(repr(answer[:60]))
        except OSError as error:
            problems.append(repr(error))
        time.sleep(0.02)
    results.put((times, problems))


def connect(port: int) -> socket.socket | None:
    client = socket.socket()
    client.setblocking(False)
    try:
        client.connect((HOST, port))
    except BlockingIOError:
        pass
    except OSError:
        client.close()
        return None
    return client


def hold(server: Server, count: int, seconds: float, piece: bytes, interval: float) -> str:
    """Connections that say nothing, or now and then a piece of a head; closed ones come again."""
    end, opened, next_piece = time.monotonic() + seconds, 0, time.monotonic()
    clients: set[socket.socket] = set()
    with selectors.DefaultSelector() as selector:
        while time.monotonic() < end:
            for _ in range(min(500, count - len(clients))):
                if client := connect(server.port):
                    clients.add(client)
                    selector.register(client, selectors.EVENT_READ)
                    opened += 1
            for key, _ in selector.select(0.01):
                try:
                    closed = not key.fileobj.recv(4096)
                except OSError:
                    closed = True
                if closed:
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
                    clients.discard(key.fileobj)
            if piece and time.monotonic() >= next_piece:
                next_piece += interval
                for client in clients:
                    try:
                        client.send(piece)
                    except OSError:
                        pass
        held = server.sockets()
        for client in clients:
            client.close()
    return f"{opened} opened, {held} open in the server"


def busy(server: Server, count: int, seconds: float, request: bytes) -> str:
    """Clients that ask again as soon as they were answered."""
    end, answers = time.monotonic() + seconds, 0
    clients = 0
    with selectors.DefaultSelector() as selector:
        while time.monotonic() < end:
            while clients < count and (client := connect(server.port)):
                selector.register(client, selectors.EVENT_WRITE)
                clients += 1
            for key, event in selector.select(0.01):
                client = key.fileobj
                try:
                    if event & selectors.EVENT_WRITE:
                        client.send(request)
                        selector.modify(client, selectors.EVENT_READ)
                        continue
                    piece = client.recv(1 << 16)
                    answers += piece.startswith(b"HTTP/1.1")
                    if piece:
                        continue
                except OSError:
                    pass
                selector.unregister(client)
                client.close()
                clients -= 1
        for key in list(selector.get_map().values()):
            key.fileobj.close()
    return f"{answers / seconds:.0f} answers per second"


def bodies(server: Server, count: int, size: int) -> str:
    """Bodies that are far too long, announced or in pieces, with the token."""
    taken = 0
    for index in range(count):
        field = f"Content-Length: {size}" if index % 2 else "Transfer-Encoding: chunked"
        with socket.create_connection((HOST, server.port), timeout=PATIENCE) as client:
            data = b"a" * 65536
            piece = data if index % 2 else b"10000\r\n" + data + b"\r\n"
            sent = 0
            try:
                client.sendall(server.head("POST /training/runs", field))
                while sent < size:
                    client.sendall(piece)
                    sent += len(data)
            except OSError:
                pass
            taken = max(taken, sent)
    return f"{count} of {size / 1e6:.0f} MB, cut after {taken / 1e6:.1f} MB at most"


def mutations(server: Server, count: int) -> str:
    draw = random.Random(20261128)
    good = [
        server.head("GET /"), server.head("GET /training/events"),
        server.head("POST /training/runs", "Content-Length: 2") + b"{}",
        server.head("POST /training/steer", "Content-Length: 24") + b'{"run":"a","pause":true}',
        server.head("POST /training/worst", "Transfer-Encoding: chunked") + b"2\r\n{}\r\n0\r\n\r\n"]
    answered = 0
    for index in range(count):
        request = bytearray(good[index % len(good)])
        for _ in range(draw.randint(1, 6)):
            place = draw.randrange(max(1, len(request)))
            kind = draw.randrange(4)
            if kind == 0 and request:
                request[place % len(request)] ^= 1 << draw.randrange(8)
            elif kind == 1:
                request.insert(place, draw.randrange(256))
            elif kind == 2:
                del request[place:place + draw.randint(1, 30)]
            else:
                request[place:place] = request[place:place + 40] * draw.choice([1, 2, 50])
        try:
            with socket.create_connection((HOST, server.port), timeout=PATIENCE) as client:
                client.sendall(request)
                if index % 10:
                    client.shutdown(socket.SHUT_WR)
                    client.settimeout(0.5)
                    answered += client.recv(64).startswith(b"HTTP/1.1")
        except OSError:
            pass
    return f"{count} requests, {answered} answered"


def attack(server: Server, name: str, work, *given) -> list[str]:
    """Does the work while the owner asks; prints what it cost, gives what is wrong."""
    context = multiprocessing.get_context("fork")
    stop, results = context.Event(), context.Queue()
    request = server.head("POST /training/runs", "Content-Length: 2") + b"{}"
    before = server.memory()
    child = context.Process(target=owner, args=(server.port, request, stop, results))
    child.start()
    most = [before]
    watching = context.Event()

    def watch():
        while not watching.wait(0.02):
            most[0] = max(most[0], server.memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    said = work(server, *given)
    watching.set()
    watcher.join()
    stop.set()
    times, failures = results.get(timeout=3 * PATIENCE)
    child.join()
    times.sort()
    growth = most[0] - before
    middle = times[len(times) // 2] * 1000 if times else float("nan")
    slowest = times[-1] * 1000 if times else float("nan")
    print(f"{name:<14} {said}\n{'':<14} memory {before:.0f} + {growth:.1f} MiB; owner answered "
          f"{len(times)} of {len(times) + len(failures)}, median {middle:.1f} ms, "
          f"slowest {slowest:.0f} ms", flush=True)
    problems = [] if growth <= BOUND else [f"{name}: memory grew by {growth:.0f} MiB"]
    if failures or not times:
        problems.append(f"{name}: the owner was not answered {len(failures)} times: {failures[:3]}")
    if server.process.poll() is not None:
        problems.append(f"{name}: the server has ended")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--long", action="store_true", help="10,000 connections, 20,000 mutations")
    choice = parser.parse_args()
    sizes = (10_000, 15, 20_000, 2000) if choice.long else (900, 3, 1000, 300)
    idle, seconds, changes, loris = sizes
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (idle + 500, max(hard, idle + 500)))
    except (ValueError, PermissionError):
        sys.exit(f"{idle + 500} open files are needed, and {hard} are allowed; see ulimit -n")
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        server = Server(choice.program, folder)
        # The server's own limit stays as a user has it.
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (soft, hard))
        stranger = server.head("GET /", known=False)
        try:
            problems += attack(server, "nobody", lambda _: time.sleep(seconds) or "alone")
            problems += attack(server, "idle", hold, idle, seconds, b"", 1)
            problems += attack(server, "slow heads", hold, loris, seconds, b"X", 0.5)
            problems += attack(server, "busy strangers", busy, 200, seconds, stranger)
            problems += attack(server, "busy pages", busy, 40, seconds, 
                               server.head("GET /", "Connection: close"))
            problems += attack(server, "long bodies", bodies, 10, 100_000_000)
            problems += attack(server, "mutations", mutations, changes)
            end = time.monotonic() + 40
            while server.sockets() and time.monotonic() < end:
                time.sleep(0.2)
            left = server.sockets()
            if left:
                problems.append(f"{left} connections are left")
            print(f"{'afterwards':<14} memory {server.memory():.0f} MiB, {left} connections")
        finally:
            server.process.terminate()
            said = server.process.communicate(timeout=60)[1]
            if server.process.returncode != INTERRUPTED:
                code = server.process.returncode
                problems.append(f"the server ended with {code}: {said[-4000:]}")
    for problem in problems:
        print(f"PROBLEM {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
