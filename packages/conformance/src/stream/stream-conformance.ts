import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import type { Duplex } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";

/** A byte stream transport, as the suite needs it. */
export interface StreamTransport {
  /**
   * Makes two connected ends; the suite destroys them. With `allowHalfOpen` each stays writable when the other has
   * ended.
   */
  readonly open: (allowHalfOpen: boolean) => Promise<readonly [left: Duplex, right: Duplex]>;
  /** Breaks the connection as `net.Socket#resetAndDestroy` does; left out where the transport cannot. */
  readonly reset?: (stream: Duplex) => void;
  /** How much is sent to see what is kept on the way; 64 MiB by default, and less where that would take long. */
  readonly bulkBytes?: number;
  /**
   * Whether an end that is closed has what the other still writes fail; true by default. Multipath TCP of Linux swallows it,
   * until its buffers are full.
   */
  readonly refusesWhenClosed?: boolean;
}

/**
 * Tests that a transport's streams behave as the two ends of a socket do. What that is was taken from TCP and Unix
 * sockets on Node 24; they run this suite first.
 *
 * @example
 * streamConformance("memory", { open: async (allowHalfOpen) => memoryPair({ allowHalfOpen }) });
 */
export function streamConformance(name: string, transport: StreamTransport): void {
  const { open, reset, bulkBytes = 67_108_864, refusesWhenClosed = true } = transport;

  /** Runs the body with each end in both roles, and leaves nothing open. */
  function withPair(title: string, body: (near: Duplex, far: Duplex) => Promise<void>, allowHalfOpen = true): void {
    for (const role of ["left", "right"] as const) {
      test(`${title} (${role})`, async () => {
        const [left, right] = await open(allowHalfOpen);
        try {
          await (role === "left" ? body(left, right) : body(right, left));
        } finally {
          left.destroy();
          right.destroy();
        }
      });
    }
  }

  describe(`${name}: bytes`, () => {
    withPair("arrive in order, whatever the sizes of the writes", async (near, far) => {
      const sizes = [1, 2, 3, 1_000, 16_384, 65_535, 65_536, 65_537, 200_000, 1_048_577, 0, 1];
      const sent = sizes.map((size, index) => Buffer.alloc(size, `${String(index)}${name}`));
      const received = buffer(far);
      for (const chunk of sent) near.write(chunk);
      near.end();
      assert.equal(sha256(await received), sha256(Buffer.concat(sent)));
    });

    withPair("arrive in order when written one by one, both ways at once", async (near, far) => {
      const sent = Buffer.from(Array.from({ length: 2_000 }, (_, index) => index % 251));
      const received = Promise.all([buffer(near), buffer(far)]);
      for (const byte of sent) {
        near.write(Buffer.of(byte));
        far.write(Buffer.of(byte));
      }
      near.end();
      far.end();
      for (const bytes of await received) assert.deepEqual(bytes, sent);
    });

    withPair("arrive when they were written before anybody read", async (near, far) => {
      near.end("early");
      await once(near, "finish");
      assert.equal(await text(far), "early");
    });

    withPair("never arrive from inside the write", async (near, far) => {
      let inside = true;
      const arrived = new Promise<boolean>((resolve) => {
        far.once("data", () => {
          resolve(inside);
        });
      });
      near.write("x");
      inside = false;
      assert.equal(await arrived, false);
    });

    withPair("are not changed by reusing the buffer once its write is done", async (near, far) => {
      const bytes = Buffer.from("first");
      await written(near, bytes);
      bytes.write("other");
      near.end();
      assert.equal(await text(far), "first");
    });

    withPair("are bounded on their way to a slow reader", async (near, far) => {
      const chunk = Buffer.alloc(bulkBytes / 64);
      const total = bulkBytes;
      let accepted = 0;
      let received = 0;
      let most = 0;
      for (let written = 0; written < total; written += chunk.length) {
        near.write(chunk, () => {
          accepted += chunk.length;
        });
      }
      near.end();
      // One small read a turn: a writer, or a wire, that nothing holds back is far ahead at once.
      while (!far.readableEnded) {
        received += (far.read(Math.min(16_384, far.readableLength) || undefined) as Buffer | null)?.length ?? 0;
        most = Math.max(most, accepted - received);
        await nextTurn();
      }
      assert.equal(received, total);
      // The kernel's buffers on loopback come to some MiB.
      assert.ok(most <= 16 * chunk.length, `${String(most)} bytes were on their way`);
    });
  });

  describe(`${name}: end`, () => {
    withPair("ends only the other's read side, with allowHalfOpen", async (near, far) => {
      near.end("question");
      assert.equal(await text(far), "question");
      assert.equal(far.writable, true);
      const closed = Promise.all([once(near, "close"), once(far, "close")]);
      far.end("answer");
      assert.equal(await text(near), "answer");
      await closed;
      assert.deepEqual([near.errored, far.errored], [null, null]);
    });

    withPair(
      "ends the other's write side too, without allowHalfOpen",
      async (near, far) => {
        const closed = Promise.all([once(near, "close"), once(far, "close")]);
        far.write("sent before");
        near.end("last");
        const texts = await Promise.all([text(near), text(far)]);
        assert.deepEqual(texts, ["sent before", "last"]);
        await closed;
        assert.deepEqual([near.errored, far.errored], [null, null]);
      },
      false,
    );

    withPair("finishes without waiting for the other to read", async (near) => {
      near.end("nobody reads this");
      await once(near, "finish");
    });

    withPair("is harmless twice", async (near, far) => {
      near.end("once");
      near.end();
      assert.equal(await text(far), "once");
      assert.equal(near.errored, null);
    });

    withPair("makes a later write an error, and delivers what was before it", async (near, far) => {
      const failed = once(near, "error");
      near.end("before");
      near.write("after");
      assert.equal(codeOf((await failed)[0]), "ERR_STREAM_WRITE_AFTER_END");
      assert.equal(await text(far), "before");
    });
  });

  describe(`${name}: destroy`, () => {
    withPair("without an error ends the other cleanly, after what was written", async (near, far) => {
      await written(near, Buffer.from("last words"));
      near.destroy();
      assert.equal(await text(far), "last words");
      assert.equal(far.errored, null);
    });

    withPair("with an error shows it here, and ends the other cleanly", async (near, far) => {
      const failed = once(near, "error");
      const reason = new Error("local");
      near.destroy(reason);
      assert.equal((await failed)[0], reason);
      assert.equal(await text(far), "");
      assert.equal(far.errored, null);
    });

    withPair(
      "closes the other, without allowHalfOpen",
      async (near, far) => {
        const closed = once(far, "close");
        far.resume();
        near.destroy();
        await closed;
        assert.equal(far.errored, null);
      },
      false,
    );

    if (refusesWhenClosed) {
      withPair("makes the other's later writes fail as broken pipe", async (near, far) => {
        near.destroy();
        await once(near, "close");
        // TCP learns it from the answer to its first write.
        const failed = once(far, "error");
        const writing = (async () => {
          for (let writes = 0; !far.destroyed && writes < 10_000; writes += 1) {
            far.write("x");
            await nextTurn();
          }
        })();
        assert.match(codeOf((await failed)[0]), /^(EPIPE|ECONNRESET)$/);
        await writing;
      });
    }

    withPair("with bytes not taken resets the other", async (near, far) => {
      const failed = once(far, "error");
      near.pause();
      const write = settled(far, Buffer.alloc(33_554_432));
      await once(near, "readable");
      near.destroy();
      assert.equal(codeOf((await failed)[0]), "ECONNRESET");
      assert.equal(codeOf(await write), "ECANCELED");
    });

    withPair("cancels a write on its way", async (near) => {
      const write = settled(near, Buffer.alloc(33_554_432));
      await nextTurn();
      near.destroy();
      assert.equal(codeOf(await write), "ECANCELED");
    });

    withPair("makes a later write an error in its callback alone", async (near) => {
      near.destroy();
      assert.equal(codeOf(await settled(near, Buffer.from("x"))), "ERR_STREAM_DESTROYED");
      assert.equal(near.errored, null);
    });

    withPair("is harmless twice, and closes once", async (near) => {
      let closes = 0;
      near.on("close", () => (closes += 1));
      near.destroy();
      near.destroy();
      await nextTurn();
      await nextTurn();
      assert.equal(closes, 1);
    });

    if (reset !== undefined) {
      withPair("by reset breaks the other with ECONNRESET", async (near, far) => {
        const failed = once(far, "error");
        const closed = once(near, "close");
        far.resume();
        reset(near);
        assert.equal(codeOf((await failed)[0]), "ECONNRESET");
        await closed;
        assert.equal(near.errored, null);
      });
    }
  });

  describe(`${name}: listeners`, () => {
    withPair("stay as many as they were", async (near, far) => {
      const before = listeners(near, far);
      for (let turn = 0; turn < 50; turn += 1) {
        await written(near, Buffer.alloc(100_000));
        for (let received = 0; received < 100_000; ) {
          const chunk = far.read() as Buffer | null;
          received += chunk?.length ?? 0;
          if (chunk === null) await once(far, "readable");
        }
      }
      assert.deepEqual(listeners(near, far), before);
    });
  });
}

/** Resolves when the stream has taken the bytes. */
async function written(stream: Duplex, bytes: Buffer): Promise<void> {
  const error = await settled(stream, bytes);
  if (error) throw error;
}

/** Resolves to what the write's callback was given. */
function settled(stream: Duplex, bytes: Buffer): Promise<Error | null | undefined> {
  return new Promise((resolve) => {
    stream.write(bytes, (error) => {
      resolve(error);
    });
  });
}

function listeners(...streams: readonly Duplex[]): readonly string[] {
  return streams.flatMap((stream) =>
    stream.eventNames().map((event) => `${String(event)} ${String(stream.listenerCount(event))}`),
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
