import assert from "node:assert/strict";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { describe, test } from "node:test";
import { startTestNetwork } from "@fairlead/testserver";
import { detour } from "../detour.ts";
import { talk } from "../raw-client.ts";

describe("listeners below HTTP", () => {
  test("tcp-echo greets in text, echoes, and is no TLS", async () => {
    await using network = await startTestNetwork(detour);
    const { text } = await talk(network, "tcp-echo", "marco\n", "marco\n");
    assert.equal(text, "220 this port speaks neither TLS nor HTTP\r\nmarco\n");
    const { host, port } = network.service("tcp-echo");
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
      connectTls({ host, port }).once("error", resolve);
    });
    assert.equal(error.code, "ERR_SSL_WRONG_VERSION_NUMBER");
  });

  test("tcp-close closes and tcp-reset resets, without a byte", async () => {
    await using network = await startTestNetwork(detour);
    assert.deepEqual(await talk(network, "tcp-close", ""), { text: "", ending: "ended" });
    assert.deepEqual(await talk(network, "tcp-reset", ""), { text: "", ending: "reset" });
  });

  test("tcp-silent takes everything and answers nothing until the network closes", async () => {
    await using network = await startTestNetwork(detour);
    const { host, port } = network.service("tcp-silent");
    const socket = connect({ host, port });
    const bytes = await new Promise<number>((resolve, reject) => {
      let received = 0;
      socket.on("data", (piece) => (received += piece.length));
      // Closing before everything was read resets the connection, which is no failure here.
      socket.once("error", () => undefined);
      socket.once("close", () => resolve(received));
      socket.write(Buffer.alloc(1_000_000), () => {
        network.close().catch(reject);
      });
    });
    assert.equal(bytes, 0);
  });
});
