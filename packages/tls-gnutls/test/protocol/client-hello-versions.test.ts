import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { connect } from "node:tls";
import { memoryPair } from "@fairlead/transport";
import fc from "fast-check";
import { clientHelloVersions } from "../../src/protocol/client-hello-versions.ts";

describe("the versions of a ClientHello", () => {
  test("are those of the extension, or the legacy one (RFC 8446 section 4.2.1)", async () => {
    assert.deepEqual(clientHelloVersions(await hello("TLSv1.2", "TLSv1.3")), [0x0304, 0x0303]);
    assert.deepEqual(clientHelloVersions(await hello("TLSv1.3", "TLSv1.3")), [0x0304]);
    assert.deepEqual(clientHelloVersions(await hello("TLSv1.2", "TLSv1.2")), [0x0303]);
  });

  test("are unknown for every part of one", async () => {
    const whole = await hello("TLSv1.2", "TLSv1.3");
    for (let length = 0; length < whole.length; length += 1) {
      assert.equal(clientHelloVersions(whole.subarray(0, length)), undefined);
    }
  });

  test("nothing that is not one makes it throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        clientHelloVersions(bytes);
        clientHelloVersions(Uint8Array.of(22, 3, 1, 0, bytes.length, ...bytes));
      }),
    );
  });
});

async function hello(minVersion: "TLSv1.2" | "TLSv1.3", maxVersion: "TLSv1.2" | "TLSv1.3"): Promise<Buffer> {
  const [near, far] = memoryPair();
  const socket = connect({ socket: near, minVersion, maxVersion });
  socket.on("error", () => undefined);
  const [bytes] = (await once(far, "data")) as [Buffer];
  socket.destroy();
  return bytes;
}
