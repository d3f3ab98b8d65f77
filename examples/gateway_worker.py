"""A worker of Fairlead's gateway, of the standard library alone. docs/guide/gateway-protocol.md has the protocol in words."""

import os, resource, socket, struct, threading

HELLO, REQUEST, INTERIM, RESPONSE, DATA, TRAILERS, CREDIT, CANCEL, PING, PONG, DRAIN, LOG = range(1, 13)
END, FAILED, REQUESTS, WINDOW = 1, struct.pack("!H", 2), 32, 131072


def pack(pairs):
    return "".join(f"{name}\0{value}\0" for name, value in pairs).encode("latin-1")


def unpack(payload):
    return list(zip(*[iter(payload.decode("latin-1").split("\0"))] * 2))


class Request:
    """`facts` by name, `fields` in order, `read()` for the next piece of content, `trailers` behind it."""
    def __init__(self, send, number, pairs, ended, credit):
        self.send, self.number, self.ended, self.credit, self.gone = send, number, ended, credit, False
        self.facts = {name: value for name, value in pairs if name[0] == ":"}
        self.fields = [(name, value) for name, value in pairs if name[0] != ":"]
        self.pieces, self.trailers, self.answer_trailers, self.changed = [], [], [], threading.Condition()

    def change(self, **values):
        with self.changed:
            for name, value in values.items():
                setattr(self, name, getattr(self, name) + value if name in ("credit", "pieces") else value)
            self.changed.notify_all()

    def wait(self, condition):
        self.changed.wait_for(lambda: self.gone or condition())
        if self.gone:
            raise ConnectionAbortedError("nobody waits for the answer any more")

    def read(self):
        with self.changed:
            self.wait(lambda: self.pieces or self.ended)
            piece = self.pieces.pop(0) if self.pieces else b""
        if piece:
            self.send(CREDIT, self.number, struct.pack("!I", len(piece)))
        return piece

    def write(self, data):
        while data:
            with self.changed:
                self.wait(lambda: self.credit)
                size = min(len(data), self.credit, 65536)
                self.credit -= size
            self.send(DATA, self.number, data[:size])
            data = data[size:]


def answer(application, request, requests):
    send, number, last = request.send, request.number, (CANCEL, request.number, FAILED)
    try:
        status, fields, content = application(request)
        send(RESPONSE, number, pack([(":status", status), *fields]))
        for piece in content:
            request.write(piece)
        last = (TRAILERS, number, pack(request.answer_trailers)) if request.answer_trailers else (DATA, number, b"", END)
    except Exception as error:
        send(LOG, number, bytes([0 if request.gone else 3]) + repr(error).encode()[:8000])
    del requests[number]
    send(*last)


def serve(application):
    """Answers by `application(request)`, each in a thread, which returns a status, fields, and an iterable of bytes."""
    sock, lock, requests, window = socket.socket(fileno=int(os.environ["FAIRLEAD_GATEWAY_FD"])), threading.Lock(), {}, 0

    def send(kind, number, payload=b"", flags=0):
        with lock:
            sock.sendall(struct.pack("!IBBHI", len(payload), kind, flags, 0, number) + payload)

    send(HELLO, 0, struct.pack("!4sHHII", b"uSGI", 1, 0, REQUESTS, WINDOW))
    stream = sock.makefile("rb")
    while len(head := stream.read(12)) == 12:
        length, kind, flags, _, number = struct.unpack("!IBBHI", head)
        payload = stream.read(length)
        if kind == HELLO:
            window = struct.unpack("!I", payload[12:16])[0]
        elif kind == PING:
            send(PONG, 0, payload + struct.pack("!Q", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024))
        elif kind == REQUEST:
            requests[number] = Request(send, number, unpack(payload), flags & END, window)
            threading.Thread(target=answer, args=(application, requests[number], requests), daemon=True).start()
        elif request := requests.get(number):
            if kind in (DATA, TRAILERS):
                came = {"trailers": unpack(payload)} if kind == TRAILERS else {"pieces": [payload] if payload else []}
                request.change(**came, ended=kind == TRAILERS or flags & END)
            elif kind == CREDIT:
                request.change(credit=struct.unpack("!I", payload)[0])
            elif kind == CANCEL:
                request.change(gone=True)
    os._exit(0)


if __name__ == "__main__":
    serve(lambda request: (200, [("content-type", "text/plain")], [b"hello from Python\n"]))
