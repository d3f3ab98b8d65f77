import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { connect } from "node:http2";
import { after, before, describe, test } from "node:test";
import { startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import { detour } from "../detour.ts";
import { webSocketFamily } from "../../src/endpoints/websocket.ts";
import { type RawAnswer, talk } from "../raw-client.ts";
import { type Check, describeFamily, type Peer } from "./describe-family.ts";

const key = "dGhlIHNhbXBsZSBub25jZQ==";
/** The one of RFC 6455 section 1.3. */
const accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
const offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";

/** A frame of a client: masked, with a key of zeros, so that it can be read here. */
function masked(first: number, payload: string): string {
  return String.fromCharCode(first, 0x80 | payload.length, 0, 0, 0, 0) + payload;
}

const closing = masked(0x88, "\x03\xe8");
const closed = "\x88\x02\x03\xe8";

describeFamily(webSocketFamily, {
  "/websocket/echo?protocol=NAME&deflate=off": async (peer) => {
    const offers = ["Sec-WebSocket-Protocol: a, b", offer];
    const echoed = await speak(peer, "/websocket/echo", masked(0x81, "hello") + closing, offers);
    assert.match(echoed.text, /sec-websocket-protocol: a\r\n/);
    assert.match(echoed.text, /sec-websocket-extensions: permessage-deflate\r\n/);
    assert.deepEqual(echoed, { text: echoed.text, ending: "ended" });
    const plain = await speak(peer, "/websocket/echo?protocol=b&deflate=off", masked(0x81, "hello") + closing, offers);
    assert.equal(plain.text, `${opening("sec-websocket-protocol: b")}\x81\x05hello${closed}`);
    const refused = await peer.get("/websocket/echo");
    assert.deepEqual([refused.status, refused.body], [400, "Upgrade does not say websocket\n"]);
  },
  "/websocket/request": async (peer) => {
    const { text } = await speak(peer, "/websocket/request", closing, ["X-Word: here"]);
    assert.match(text, /"x-word":"here"/);
  },
  "/websocket/slow?pause=1000": sends("/websocket/slow?pause=1", "\x81\x01a", masked(0x81, "a")),
  "/websocket/message/:size?fragments=1": sends(
    "/websocket/message/5?fragments=2",
    "\x02\x03\x00\x01\x02\x80\x02\x03\x04\x81\x01a",
    masked(0x81, "a"),
  ),
  "/websocket/close/:code?reason=TEXT": sends("/websocket/close/1005?reason=no", "\x88\x04\x03\xedno"),
  "/websocket/deaf": quiet("/websocket/deaf"),
  "/websocket/mute": quiet("/websocket/mute"),
  "/websocket/pings/:count": sends("/websocket/pings/2", "\x89\x04ping\x89\x04ping\x81\x04done"),
  "/websocket/announce/:size": sends(
    "/websocket/announce/65536",
    "\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09",
  ),
  "/websocket/bomb/:size": async (peer) => {
    const last = "\x80\x01\x00";
    const { text } = await speak(peer, "/websocket/bomb/3000000", "", [offer], last);
    assert.ok(text.length < 10_000, "what becomes so much is small");
  },
  "/websocket/frame/:bytes?mask=on": async (peer) => {
    await sends("/websocket/frame/8302aaaa", "\x83\x02\xaa\xaa")(peer);
    await sends("/websocket/frame/6869?mask=on", "\x81\x82mask\x05\x08")(peer);
  },
  "/websocket/cut?after=3": async (peer) => {
    const { text, ending } = await speak(peer, "/websocket/cut?after=3", "");
    assert.deepEqual([text, ending], [`${opening()}\x81\x0dc`, "ended"]);
  },
  "/websocket/handshake/accept-wrong": spoils("accept-wrong", /sec-websocket-accept: AAAA\r\n/),
  "/websocket/handshake/accept-missing": spoils("accept-missing", /^(?!.*sec-websocket-accept)/s),
  "/websocket/handshake/upgrade-wrong": spoils("upgrade-wrong", /upgrade: h2c\r\n/),
  "/websocket/handshake/connection-missing": spoils("connection-missing", /^(?!.*connection:)/s),
  "/websocket/handshake/protocol-unasked": spoils("protocol-unasked", /sec-websocket-protocol: unasked\r\n/),
  "/websocket/handshake/extension-unasked": spoils("extension-unasked", /sec-websocket-extensions: x-unasked\r\n/),
  "/websocket/handshake/window-invalid": spoils("window-invalid", /server_max_window_bits=16\r\n/),
});

describe("a WebSocket in HTTP/2", () => {
  let network: TestNetwork;
  before(async () => {
    network = await startTestNetwork(detour);
  });
  after(async () => {
    await network.close();
  });

  test("is opened by an extended CONNECT (RFC 8441 section 5)", async () => {
    const session = connect(network.service("https-h2").origin, { ca: network.ca.certificate });
    const stream = session.request(
      {
        ":method": "CONNECT",
        ":protocol": "websocket",
        ":scheme": "https",
        ":path": "/websocket/echo",
        "sec-websocket-version": "13",
        "sec-websocket-protocol": "chat",
      },
      { endStream: false },
    );
    stream.write(Buffer.from(masked(0x81, "hello") + closing, "latin1"));
    const received = new Promise<string>((resolve) => {
      let text = "";
      stream.setEncoding("latin1");
      stream.on("data", (piece: string) => (text += piece));
      stream.on("end", () => {
        resolve(text);
      });
    });
    const fields = await new Promise<Record<string, unknown>>((resolve) => {
      stream.on("response", resolve);
    });
    assert.deepEqual([fields[":status"], fields["sec-websocket-protocol"]], [200, "chat"]);
    assert.equal(await received, `\x81\x05hello${closed}`);
    assert.equal(network.requests.at(-1)?.method, "CONNECT");
    session.close();
  });

  test("is refused to a CONNECT for something else, and the session goes on", async () => {
    const session = connect(network.service("https-h2").origin, { ca: network.ca.certificate });
    for (const [protocol, status] of [
      ["other", 400],
      ["websocket", 200],
    ] as const) {
      const stream = session.request({
        ":method": "CONNECT",
        ":protocol": protocol,
        ":scheme": "https",
        ":path": "/websocket/echo",
        "sec-websocket-version": "13",
      });
      const fields = await new Promise<Record<string, unknown>>((resolve) => {
        stream.on("response", resolve);
      });
      assert.equal(fields[":status"], status);
      stream.destroy();
    }
    session.destroy();
  });
});

test("the key of RFC 6455 section 1.3 has the answer that is there", () => {
  const hash = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  assert.equal(hash, accept);
});

function sends(target: string, frames: string, request = ""): Check {
  return async (peer) => {
    const { text } = await speak(peer, target, request, [], frames);
    assert.equal(text, opening() + frames);
  };
}

/** Opens, and says nothing to a ping and a Close, which the answer to a second connection shows. */
function quiet(target: string): Check {
  return async (peer) => {
    const left = new AbortController();
    const said = speak(peer, target, masked(0x89, "?") + closing, [], left.signal);
    await sends("/websocket/echo", "\x81\x01a", masked(0x81, "a"))(peer);
    left.abort();
    assert.deepEqual(await said, { text: opening(), ending: "open" });
  };
}

function spoils(name: string, answer: RegExp): Check {
  return async (peer) => {
    const { text } = await speak(peer, `/websocket/handshake/${name}`, closing, [offer]);
    assert.match(text, /^HTTP\/1\.1 101 /);
    assert.match(text, answer);
  };
}

function opening(...fields: readonly string[]): string {
  const all = ["upgrade: websocket", "connection: Upgrade", `sec-websocket-accept: ${accept}`, ...fields];
  return ["HTTP/1.1 101 Switching Protocols", ...all, "", ""].join("\r\n");
}

/** Asks for a WebSocket, and sends bytes at once. */
async function speak(
  { network, scheme }: Peer,
  target: string,
  bytes: string,
  fields: readonly string[] = [],
  until?: string | AbortSignal,
): Promise<RawAnswer> {
  const head = [
    `GET ${target} HTTP/1.1`,
    "Host: localhost",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Key: ${key}`,
    "Sec-WebSocket-Version: 13",
    ...fields,
  ];
  return await talk(network, scheme, [...head, "", bytes].join("\r\n"), until);
}
