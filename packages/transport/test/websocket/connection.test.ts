import assert from "node:assert/strict";
import { test } from "node:test";
import { openPair } from "./ends.ts";

const deflate = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};

for (const options of [{}, { deflate, deflateFromBytes: 0 }]) {
  test(`texts and octets of any size go both ways, ${"deflate" in options ? "compressed" : "as they are"}`, async () => {
    const { client, server } = openPair(options);
    const messages = [0, 1, 125, 126, 65_535, 65_536, 200_000].flatMap((length) => [
      "aé€😀".repeat(length / 5).slice(0, length),
      Buffer.alloc(length, "octets"),
    ]);
    for (const message of messages) {
      client.socket.send(message);
      server.socket.send(message);
    }
    assert.deepEqual(await server.whenHeard(messages.length), messages);
    assert.deepEqual(await client.whenHeard(messages.length), messages);
    client.socket.close(1000, "done");
    const clean = { wasClean: true, error: undefined };
    assert.deepEqual(await server.closed, { code: 1000, reason: "done", ...clean });
    assert.deepEqual(await client.closed, { code: 1000, reason: "", ...clean });
  });
}
