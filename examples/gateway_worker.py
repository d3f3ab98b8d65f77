"""A worker of Fairlead's gateway, of the standard library alone. docs/guide/gateway-protocol.md has the protocol in words."""

import os, resource, socket, struct, threading

HELLO, REQUEST, INTERIM, RESPONSE, DATA, TRAILERS, CREDIT, CANCEL, PING, PONG, DRAIN, LOG = range(1, 13)
END, WINDOW, REQUESTS = 1, 131072, 32


class Cancelled(Exception):
    """Nobody waits for the answer any more."""


class Link:
    def __init__(self, sock):
        self.sock, self.lock, self.input, self.window = sock, threading.Lock(), sock.makefile("rb"), 0

    def send(self, kind, number, payload=b"", flags=0):
        with self.lock:
            self.sock.sendall(struct.pack("!IBBHI", len(payload), kind, flags, 0, number) + payload)

    def receive(self):
        head = self.input.read(12)
        if len(head) < 12:
            return None
        length, kind, flags, _, number = struct.unpack("!IBBHI", head)
        return kind, flags, number, self.input.read(length)


def pack(pairs):
    return "".join(f"{name}\0{value}\0" for name, value in pairs).encode("latin-1")


def unpack(payload):
    parts = payload.decode("latin-1").split("\0")
    return list(zip(parts[:-1:2], parts[1::2]))


class Request:
    """`facts` by name, `fields` in order, `read()` for the next piece of content, `trailers` behind it."""

    def __init__(self, link, number, pairs, ended):
        self.link, self.number, self.credit, self.gone, self.ended = link, number, link.window, False, ended
        self.facts = {name: value for name, value in pairs if name[0] == ":"}
        self.fields = [(name, value) for name, value in pairs if name[0] != ":"]
        self.pieces, self.trailers, self.answer_trailers, self.changed = [], [], [], threading.Condition()

    def wait(self, condition):
        self.changed.wait_for(lambda: self.gone or condition())
        if self.gone:
            raise Cancelled

    def update(self, **changes):
        with self.changed:
            for name, value in changes.items():
                setattr(self, name, getattr(self, name) + value if name in ("credit", "pieces") else value)
            self.changed.notify_all()

    def read(self):
        with self.changed:
            self.wait(lambda: self.pieces or self.ended)
            piece = self.pieces.pop(0) if self.pieces else b""
        if piece:
            self.link.send(CREDIT, self.number, struct.pack("!I", len(piece)))
        return piece

    def write(self, data):
        while data:
            with self.changed:
                self.wait(lambda: self.credit)
                size = min(len(data), self.credit, 65536)
                self.credit -= size
            self.link.send(DATA, self.number, data[:size])
            data = data[size:]


def serve(application):
    """Answers by `application(request)`, which returns a status, fields, and an iterable of bytes."""
    link, requests = Link(socket.socket(fileno=int(os.environ["FAIRLEAD_GATEWAY_FD"]))), {}

    def answer(request):
        try:
            status, fields, content = application(request)
            link.send(RESPONSE, request.number, pack([(":status", status), *fields]))
            for piece in content:
                request.write(piece)
            last = (TRAILERS, pack(request.answer_trailers)) if request.answer_trailers else (DATA, b"", END)
        except Exception as error:
            if not isinstance(error, Cancelled):
                link.send(LOG, request.number, b"\3" + repr(error).encode()[:8000])
            last = (CANCEL, struct.pack("!H", 2))
        del requests[request.number]
        link.send(last[0], request.number, *last[1:])

    link.send(HELLO, 0, struct.pack("!4sHHII", b"uSGI", 1, 0, REQUESTS, WINDOW))
    while frame := link.receive():
        kind, flags, number, payload = frame
        request = requests.get(number)
        if kind == HELLO:
            link.window = struct.unpack("!I", payload[12:16])[0]
        elif kind == PING:
            link.send(PONG, 0, payload + struct.pack("!Q", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024))
        elif kind == REQUEST:
            requests[number] = Request(link, number, unpack(payload), flags & END)
            threading.Thread(target=answer, args=(requests[number],), daemon=True).start()
        elif request and kind == DATA:
            request.update(pieces=[payload] if payload else [], ended=flags & END)
        elif request and kind == TRAILERS:
            request.update(trailers=unpack(payload), ended=True)
        elif request and kind == CREDIT:
            request.update(credit=struct.unpack("!I", payload)[0])
        elif request and kind == CANCEL:
            request.update(gone=True)
    os._exit(0)


if __name__ == "__main__":
    serve(lambda request: (200, [("content-type", "text/plain")], iter(request.read, b"") if not request.ended else [b"hello\n"]))
