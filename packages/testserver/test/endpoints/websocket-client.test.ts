import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";
import type { Duplex } from "node:stream";
import { after, before, describe, test } from "node:test";
import { isCodedError } from "@fairlead/core";
import { answerHandshakeKey, checkServerHandshake, formatClientHandshake } from "@fairlead/http/websocket";
import { startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import { openWebSocket, type WebSocketClosure } from "@fairlead/transport/websocket";
import { detour } from "../detour.ts";
import { patternBytes } from "../../src/endpoints/payloads.ts";

const offer = { deflate: {} };

interface Heard {
  readonly messages: readonly (string | Uint8Array)[];
  readonly closure: WebSocketClosure;
}

describe("a client of ours and endpoints that misbehave", () => {
  let network: TestNetwork;
  before(async () => {
    network = await startTestNetwork(detour);
  });
  after(async () => {
    await network.close();
  });

  for (const [path, ending] of [
    ["/websocket/close/4000?reason=bye", 4000],
    ["/websocket/close/1005", "WEBSOCKET_FRAME_INVALID"],
    ["/websocket/announce/1000000000000", "WEBSOCKET_MESSAGE_LIMIT"],
    ["/websocket/frame/8302aaaa", "WEBSOCKET_FRAME_INVALID"],
    ["/websocket/frame/8101ff", "WEBSOCKET_TEXT_INVALID"],
    ["/websocket/frame/68690a?mask=on", "WEBSOCKET_FRAME_INVALID"],
    ["/websocket/cut?after=3", "WEBSOCKET_CLOSED_ABRUPTLY"],
  ] as const) {
    test(`${path} ends by ${String(ending)}`, async () => {
      const { closure } = await hear(network, path);
      assert.equal(closure.wasClean ? closure.code : isCodedError(closure.error) && closure.error.code, ending);
    });
  }

  test("/websocket/bomb is given up at the limit, however large it would become", async () => {
    // It never reads and never stops: what tells it so is not waited for.
    const before = process.memoryUsage().arrayBuffers;
    const { messages, closure } = await hear(network, "/websocket/bomb/1099511627776");
    assert.deepEqual(messages, []);
    assert.ok(isCodedError(closure.error) && closure.error.code === "WEBSOCKET_MESSAGE_LIMIT");
    assert.ok(process.memoryUsage().arrayBuffers - before < 100_000_000);
  });

  test("/websocket/pings are answered, and what comes behind them is heard", async () => {
    assert.deepEqual((await hear(network, "/websocket/pings/10000", 1)).messages, ["done"]);
  });

  test("/websocket/message is put together from its fragments", async () => {
    const { messages } = await hear(network, "/websocket/message/200000?fragments=1000", 1);
    assert.deepEqual(
      messages.map((message) => Buffer.from(message as Uint8Array)),
      [patternBytes(200_000)],
    );
  });

  for (const fault of [
    "accept-wrong",
    "accept-missing",
    "upgrade-wrong",
    "protocol-unasked",
    "extension-unasked",
    "window-invalid",
  ]) {
    test(`/websocket/handshake/${fault} opens nothing`, async () => {
      const { checked, stream } = await shake(network, `/websocket/handshake/${fault}`);
      stream.destroy();
      assert.equal(checked.type, "invalid");
    });
  }
});

/** Listens until so many messages came, or until the server ends it. */
async function hear(network: TestNetwork, path: string, wanted = Infinity): Promise<Heard> {
  const { checked, stream, head } = await shake(network, path);
  assert.ok(checked.type === "open");
  const messages: (string | Uint8Array)[] = [];
  const closure = await new Promise<WebSocketClosure>((resolve) => {
    const socket = openWebSocket(
      stream,
      { role: "client", head, deflate: checked.deflate },
      {
        onMessage: (data) => {
          messages.push(data);
          if (messages.length === wanted) socket.close(1000);
        },
        onClose: resolve,
      },
    );
  });
  return { messages, closure };
}

async function shake(
  network: TestNetwork,
  path: string,
): Promise<{
  readonly checked: ReturnType<typeof checkServerHandshake>;
  readonly stream: Duplex;
  readonly head: Buffer;
}> {
  const key = randomBytes(16).toString("base64");
  const { host, port } = network.http;
  const headers = Object.fromEntries(formatClientHandshake(offer, { carrier: "http/1.1", key }));
  const accept = answerHandshakeKey(key, (text) => createHash("sha1").update(text).digest("base64"));
  return await new Promise((resolve, reject) => {
    request({ host, port, path, headers })
      .on("upgrade", (response, stream, head) => {
        const answer = { status: response.statusCode ?? 0, fields: response.headers };
        resolve({ checked: checkServerHandshake(answer, offer, { carrier: "http/1.1", accept }), stream, head });
      })
      .on("response", () => {
        reject(new Error("an ordinary response"));
      })
      .on("error", reject)
      .end();
  });
}
