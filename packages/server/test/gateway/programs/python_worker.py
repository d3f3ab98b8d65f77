"""The example's worker with an application of the tests."""

import os, sys, threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[5] / "examples"))
from gateway_worker import serve

meeting = threading.Barrier(4, timeout=20)


def application(request):
    path = request.facts[":path"]
    if path == "/echo":
        return 200, [("content-type", "application/octet-stream")], iter(request.read, b"")
    if path == "/sum":
        size = sum(len(piece) for piece in iter(request.read, b""))
        request.answer_trailers = [("x-got", dict(request.trailers).get("x-sent", ""))]
        return 200, [], [str(size).encode()]
    if path == "/flow":
        return 200, [], (b"x" * 50_000 for _ in range(20))
    if path == "/endless":
        return 200, [], endless()
    if path == "/meet":
        meeting.wait()
        return 200, [], [b"met"]
    if path == "/crash":
        print("about to crash", file=sys.stderr, flush=True)
        os._exit(9)
    if path == "/raise":
        raise ValueError("a mistake of the application")
    return 200, [("x-client", request.facts[":client-address"])], [str(os.getpid()).encode()]


def endless():
    try:
        while True:
            yield b"x" * 50_000
    finally:
        print("closed", flush=True)


serve(application)
