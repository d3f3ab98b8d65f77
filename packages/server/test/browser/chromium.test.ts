import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startChromium, type Chromium } from "@fairlead/conformance/peers";
import { mintCertificate } from "@fairlead/testserver/authority";
import {
  acceptWebSocket,
  eventStream,
  exchangeOf,
  LeanResponse,
  serve,
  type FetchHandler,
  type RunningServer,
} from "@fairlead/server";

/** What a page has found. */
interface Findings {
  readonly echoed: readonly string[];
  readonly protocol: string;
  readonly closeCode: number;
  readonly otherOrigin: string;
  readonly events: readonly string[];
}

/** Finds it out, tells it, and goes on to the next page. */
const page = `<!doctype html><meta charset="utf-8"><title>Fairlead</title><script type="module">
const base = location.origin.replace("http", "ws");
const other = base.replace("localhost", "127.0.0.1");
const next = new URLSearchParams(location.search).get("next");

const echoes = () => new Promise((resolve) => {
  const echoed = [];
  const socket = new WebSocket(base + "/socket", ["none", "echo"]);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    socket.send("h\\u00e9llo");
    socket.send(new Uint8Array([1, 2, 3]));
    socket.send("x".repeat(100_000));
  };
  socket.onmessage = ({ data }) => {
    echoed.push(typeof data === "string" ? (data.length > 9 ? "long " + data.length : data) : [...new Uint8Array(data)].join());
    if (echoed.length === 3) socket.send("close");
  };
  socket.onclose = ({ code }) => resolve({ echoed, protocol: socket.protocol, closeCode: code });
});

const refused = () => new Promise((resolve) => {
  const socket = new WebSocket(other + "/socket");
  socket.onopen = () => resolve("open");
  socket.onerror = () => resolve("refused");
});

const events = () => new Promise((resolve) => {
  const heard = [];
  const source = new EventSource("/events");
  source.addEventListener("tick", ({ data, lastEventId }) => {
    heard.push(lastEventId + ": " + data);
    if (heard.length < 4) return;
    source.close();
    resolve(heard);
  });
});

const [socket, otherOrigin, heard] = await Promise.all([echoes(), refused(), events()]);
await fetch("/found", { method: "POST", body: JSON.stringify({ ...socket, otherOrigin, events: heard }) });
if (next) location.href = next;
</script>`;

/** The versions of HTTP that requests came by, and what pages have found. */
class Site {
  readonly seen = new Set<string>();
  readonly found = Promise.withResolvers<Findings>();
  readonly fetch: FetchHandler = async (request, context) => {
    const path = new URL(request.url).pathname;
    this.seen.add(`${path} ${exchangeOf(request)?.head.version ?? ""}`);
    switch (path) {
      case "/":
        return new LeanResponse(page, { fields: ["content-type", "text/html"] });
      case "/socket":
        return acceptWebSocket(
          request,
          context,
          async (socket) => {
            for await (const message of socket) {
              if (message === "close") socket.close(3001, "as asked");
              else await socket.send(message);
            }
          },
          { protocols: ["echo"] },
        );
      case "/events":
        // Two events at a time, so that the browser has to come back.
        return eventStream(
          request,
          context,
          async (stream) => {
            const last = Number(stream.lastEventId);
            for (const id of [last + 1, last + 2]) {
              await stream.send({ event: "tick", id: String(id), data: `line\n${String(id)}` });
            }
          },
          { retry: 1 },
        );
      case "/found":
        this.found.resolve((await request.json()) as Findings);
        return new LeanResponse(null, { status: 204 });
      default:
        return new LeanResponse(null, { status: 404 });
    }
  };
}

describe("Chromium", () => {
  const plain = new Site();
  const secure = new Site();
  let servers: readonly RunningServer[] = [];
  let browser: Chromium | undefined;
  before(async () => {
    const identity = await mintCertificate({ names: ["localhost", "127.0.0.1"] });
    const secured = await serve({ fetch: secure.fetch, tls: { identity } });
    const plainly = await serve({ fetch: plain.fetch });
    servers = [secured, plainly];
    const next = encodeURIComponent(`https://localhost:${String(secured.port)}/`);
    browser = await startChromium({
      url: `http://localhost:${String(plainly.port)}/?next=${next}`,
      certificates: [identity.certificate],
    });
  });
  after(async () => {
    await browser?.[Symbol.asyncDispose]();
    for (const server of servers) await server[Symbol.asyncDispose]();
  });

  const expected: Findings = {
    echoed: ["h\u00e9llo", "1,2,3", "long 100000"],
    protocol: "echo",
    closeCode: 3001,
    otherOrigin: "refused",
    events: ["1: line\n1", "2: line\n2", "3: line\n3", "4: line\n4"],
  };

  test("has WebSockets and events over HTTP/1.1, comes back with Last-Event-ID, and is refused on another origin", async () => {
    assert.deepEqual(await plain.found.promise, expected);
    assert.ok(plain.seen.has("/socket 1.1"));
  });

  test("has them over HTTP/2 and TLS as well, with its WebSocket by extended CONNECT", async () => {
    assert.deepEqual(await secure.found.promise, expected);
    assert.ok(secure.seen.has("/socket 2"), [...secure.seen].join(", "));
    assert.ok(secure.seen.has("/events 2"));
  });
});
