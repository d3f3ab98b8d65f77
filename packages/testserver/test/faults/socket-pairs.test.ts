import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { SocketPairs } from "../../src/faults/socket-pairs.ts";

describe("pairs of sockets", () => {
  test("are joined, each with its own other end, however many are opened at once", async () => {
    const pairs = new SocketPairs();
    const opened = await Promise.all(Array.from({ length: 50 }, () => pairs.open()));
    for (const [index, { near, far }] of opened.entries()) {
      assert.equal(near.localPort, far.remotePort);
      near.end(`pair ${index}`);
      const [bytes] = (await once(far, "data")) as [Buffer];
      assert.equal(bytes.toString(), `pair ${index}`);
      far.end();
      near.resume();
      await once(near, "close");
    }
    await pairs.close();
  });

  test("let no stranger in, before, while or after one is opened", async () => {
    const pairs = new SocketPairs();
    const { near, far } = await pairs.open();
    const port = near.remotePort ?? 0;
    const stranger = async (): Promise<void> => {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.resume();
      await once(socket, "close");
    };
    await stranger();
    const strangers = Array.from({ length: 20 }, stranger);
    const more = await Promise.all(Array.from({ length: 20 }, () => pairs.open()));
    await Promise.all(strangers);
    for (const pair of more) assert.equal(pair.near.localPort, pair.far.remotePort);
    for (const pair of [...more, { near, far }]) {
      pair.near.destroy();
      pair.far.destroy();
    }
    await pairs.close();
  });

  test("are no more once closed, and closing without any is harmless", async () => {
    const pairs = new SocketPairs();
    await pairs.close();
    await assert.rejects(pairs.open(), /the network is closed/);
  });
});
