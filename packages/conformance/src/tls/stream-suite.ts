import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { getEventListeners, once } from "node:events";
import { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { closing, failing, wholeOf } from "../stream/index.ts";
import { assertTlsError } from "./assert-tls-error.ts";
import { mintCertificates, type Certificates } from "./certificates.ts";
import { secure, type TlsPairing } from "./pairing.ts";
import { transports, type OpenTransport } from "./transports.ts";

/**
 * What a secure stream does with bytes and ends once the handshake is over.
 *
 * @param mostOnTheWayBytes what may wait for a slow reader, in the libraries and in the transport, of 64 MiB that are sent.
 */
export function streamSuite(
  name: string,
  pairing: TlsPairing,
  memory: OpenTransport,
  mostOnTheWayBytes = 8_388_608,
): void {
  describe(`${name}: stream`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });

    test("bytes arrive in order, whatever the sizes of the writes", async () => {
      using pair = await secure(pairing, certificates, memory);
      const sizes = [1, 2, 16_383, 16_384, 16_385, 65_537, 1_048_577, 1];
      const sent = sizes.map((size, index) => Buffer.alloc(size, index + 1));
      const received = Promise.all([wholeOf(pair.client), wholeOf(pair.server)]);
      for (const chunk of sent) {
        pair.client.write(chunk);
        pair.server.write(chunk);
      }
      pair.client.end();
      pair.server.end();
      for (const bytes of await received) assert.equal(sha256(bytes), sha256(Buffer.concat(sent)));
    });

    for (const [transport, open] of transports) {
      test(`large and tiny writes, both ways at once, over ${transport}`, async () => {
        using pair = await secure(pairing, certificates, open);
        // Single bytes are slow, and small ones show the same there.
        const sizes = transport.includes("single") ? [1, 2, 700, 1] : [1, 2, 65_537, 1, 262_145, 3];
        const sent = Buffer.concat(sizes.map((size, index) => Buffer.alloc(size, index + 1)));
        const received = Promise.all([wholeOf(pair.client), wholeOf(pair.server)]);
        let start = 0;
        for (const size of sizes) {
          pair.client.write(sent.subarray(start, start + size));
          pair.server.write(sent.subarray(start, start + size));
          start += size;
        }
        pair.client.end();
        pair.server.end();
        for (const bytes of await received) assert.ok(bytes.equals(sent));
      });

      const heard = pairing.reportsTruncation ? "is an error" : "ends as if it was whole: this library does not tell";
      test(`a stream cut without close_notify, over ${transport}, ${heard}`, async () => {
        using pair = await secure(pairing, certificates, open);
        pair.server.on("error", () => undefined);
        await new Promise((resolve) => pair.server.write("half of", resolve));
        pair.below[1].destroy();
        if (pairing.reportsTruncation) {
          await assert.rejects(text(pair.client), { name: "TlsError", code: "TLS_TRUNCATED" });
        } else assert.equal(await text(pair.client), "half of");
      });
    }

    for (const side of ["client", "server"] as const) {
      test(`the ${side} changes its keys in the middle of data, or says that it cannot`, async () => {
        using pair = await secure(pairing, certificates, memory, { connect: { minVersion: "TLSv1.3" } });
        const { keyUpdate } = await pairing[side].capabilities();
        const received = Promise.all([wholeOf(pair.client), wholeOf(pair.server)]);
        const sent = Buffer.alloc(200_000, "some of it");
        // GnuTLS takes eight in a second of its peer, and more for an attack.
        for (let round = 0; round < 4; round += 1) {
          pair.client.write(sent);
          pair.server.write(sent);
          if (keyUpdate) pair[side].updateKeys();
          else assert.throws(() => pair[side].updateKeys(), { code: "TLS_OPTION_UNSUPPORTED", message: /'openssl'/ });
          await nextTurn();
        }
        pair.client.end();
        pair.server.end();
        for (const bytes of await received) assert.equal(bytes.length, 4 * sent.length);
      });

      test(`the ${side} cannot change its keys in TLS 1.2, and says so`, async () => {
        using pair = await secure(pairing, certificates, memory, { connect: { maxVersion: "TLSv1.2" } });
        assert.throws(() => pair[side].updateKeys(), { name: "TlsError", code: "TLS_OPTION_UNSUPPORTED" });
        pair.client.end("goes on");
        assert.equal(await text(pair.server), "goes on");
      });
    }

    test("bytes are bounded on their way to a slow reader", async () => {
      using pair = await secure(pairing, certificates, memory);
      const chunk = Buffer.alloc(1_048_576);
      const total = 64 * chunk.length;
      let accepted = 0;
      let received = 0;
      let most = 0;
      for (let written = 0; written < total; written += chunk.length) {
        pair.client.write(chunk, () => {
          accepted += chunk.length;
        });
      }
      pair.client.end();
      while (!pair.server.readableEnded) {
        received +=
          (pair.server.read(Math.min(16_384, pair.server.readableLength) || undefined) as Buffer | null)?.length ?? 0;
        most = Math.max(most, accepted - received);
        await nextTurn();
      }
      assert.equal(received, total);
      assert.ok(most <= mostOnTheWayBytes, `${String(most)} bytes were on their way`);
    });

    test("an end closes one direction; the other goes on, and then all is closed", async () => {
      using pair = await secure(pairing, certificates, memory);
      const closed = Promise.all([pair.client, pair.server, ...pair.below].map(closing));
      pair.client.end("question");
      assert.equal(await text(pair.server), "question");
      pair.server.end("answer");
      assert.equal(await text(pair.client), "answer");
      await closed;
      assert.deepEqual([pair.client.errored, pair.server.errored], [null, null]);
    });

    const { serverReportsTruncation = pairing.reportsTruncation } = pairing;
    test(`destroying a socket destroys the stream below, and ${serverReportsTruncation ? "is no end to the peer" : "ends the peer"}`, async () => {
      using pair = await secure(pairing, certificates, memory);
      const closed = closing(pair.below[0]);
      pair.server.resume();
      const heard = serverReportsTruncation ? failing(pair.server) : once(pair.server, "end");
      pair.client.destroy();
      await closed;
      const error = await heard;
      // What the client had not read yet makes a socket of the system reset the connection; no other stream does.
      const isReset = error instanceof Error && "code" in error && error.code === "ECONNRESET";
      const mayReset = pair.below[1] instanceof Socket;
      if (serverReportsTruncation && !(mayReset && isReset)) assertTlsError(error, "TLS_TRUNCATED");
    });

    test("an error of the stream below becomes the socket's, as it is", async () => {
      using pair = await secure(pairing, certificates, memory);
      pair.server.on("error", () => undefined);
      const failed = failing(pair.client);
      const closed = closing(pair.client);
      const reason = Object.assign(new Error("below"), { code: "ECONNRESET" });
      pair.below[0].destroy(reason);
      assert.equal(await failed, reason);
      await closed;
    });

    test("an application's own error is not renamed", async () => {
      using pair = await secure(pairing, certificates, memory);
      // The other end hears a cut stream, and may hear it before the test is over.
      pair.server.on("error", () => undefined);
      const failed = failing(pair.client);
      const reason = new Error("mine");
      pair.client.destroy(reason);
      assert.equal(await failed, reason);
    });

    for (const side of ["client", "server"] as const) {
      test(`bytes that are no TLS record end the ${side} with a named error`, async () => {
        using pair = await secure(pairing, certificates, memory);
        const [socket, other] = side === "client" ? [pair.client, pair.server] : [pair.server, pair.client];
        other.on("error", () => undefined);
        socket.resume();
        const failed = failing(socket);
        const closed = closing(socket);
        pair.below[side === "client" ? 1 : 0].write("not a record at all");
        const error = await failed;
        assert.ok(error instanceof Error && error.name === "TlsError", String(error));
        await closed;
      });
    }

    test("no listener stays on the stream below or the socket from the handshake", async () => {
      const controller = new AbortController();
      using first = await secure(pairing, certificates, memory, { connect: { signal: controller.signal } });
      assert.equal(first.client.listenerCount("error"), 0);
      assert.equal(first.client.listenerCount("secureConnect"), 0);
      assert.equal(getEventListeners(controller.signal, "abort").length, 0);
    });
  });
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
