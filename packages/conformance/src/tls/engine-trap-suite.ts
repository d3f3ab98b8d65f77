import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { TlsError } from "@fairlead/core";
import type { TlsSocket } from "@fairlead/tls";
import { engineBackend, EngineFailure, type TlsEngine, type TlsEngineLibrary } from "@fairlead/tls/engine";
import { memoryPair } from "@fairlead/transport";
import { closing, interposedPair } from "../stream/index.ts";
import type { CallbackWatch } from "./callback-watch.ts";
import { mintCertificates, type Certificates } from "./certificates.ts";
import { clientOptions, enginePair, serverOptions } from "./engine-pair.ts";
import { refuse, secure, type TlsPairing } from "./pairing.ts";
import { offeredSuites, unsafeSuites } from "./offered-suites.ts";

/**
 * Tests the traps that wrappers of C libraries for TLS fall into, each by its name. `callbacks` watches the binding that
 * `library` was made with.
 */
export function engineTraps(name: string, library: TlsEngineLibrary, callbacks: CallbackWatch): void {
  const backend = engineBackend(library);
  const pairing: TlsPairing = { client: backend, server: backend, reportsTruncation: true };
  const memory = async (): Promise<ReturnType<typeof memoryPair>> => memoryPair({ allowHalfOpen: true });

  describe(`traps: ${name}`, () => {
    let certificates: Certificates;
    before(async () => {
      certificates = await mintCertificates();
    });

    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      test(`a read that asks for more than there is gets a part of it (${version})`, () => {
        using pair = enginePair(library, certificates, version);
        pair.server.send(Buffer.from("hello"));
        const bytes = [...(pair.server.take() ?? [])];
        const last = bytes.pop() ?? 0;
        for (const byte of bytes) {
          pair.client.feed(Buffer.of(byte));
          assert.equal(pair.client.receive(), "need-data");
        }
        pair.client.feed(Buffer.of(last));
        assert.equal(String(pair.client.receive()), "hello");
        assert.equal(pair.client.receive(), "need-data");
      });

      test(`the end of the stream is an end only after close_notify (${version})`, () => {
        for (const cut of ["between records", "in a record"] as const) {
          using pair = enginePair(library, certificates, version);
          pair.server.send(Buffer.from("hello"));
          const bytes = pair.server.take() ?? Buffer.alloc(0);
          pair.client.feed(bytes.subarray(0, cut === "in a record" ? bytes.length - 3 : bytes.length));
          pair.client.feedEnd();
          if (cut === "between records") assert.equal(String(pair.client.receive()), "hello");
          assert.throws(() => pair.client.receive(), isTruncation, cut);
        }
        using pair = enginePair(library, certificates, version);
        pair.server.end();
        pair.client.feed(pair.server.take() ?? Buffer.alloc(0));
        pair.client.feedEnd();
        assert.deepEqual([pair.client.receive(), pair.client.receive()], ["end", "end"]);
      });

      test(`a read gives 64 KiB at most, whatever is queued (${version})`, () => {
        using pair = enginePair(library, certificates, version);
        const sent = Buffer.alloc(1_048_577, "all of it");
        pair.server.send(sent);
        pair.client.feed(pair.server.take() ?? Buffer.alloc(0));
        const received: Buffer[] = [];
        for (let plain = pair.client.receive(); typeof plain === "object"; plain = pair.client.receive()) {
          assert.ok(plain.length <= 65_536, String(plain.length));
          received.push(plain);
        }
        assert.ok(Buffer.concat(received).equals(sent));
      });
    }

    test("tickets and key updates in front of data do not hide it (E_AGAIN with data queued)", () => {
      using pair = enginePair(library, certificates, "TLSv1.3");
      const flight: Buffer[] = [];
      for (const word of ["one", "two", "three"]) {
        assert.equal(pair.server.updateKeys(), true);
        pair.server.send(Buffer.from(word));
        flight.push(pair.server.take() ?? Buffer.alloc(0));
      }
      pair.client.feed(Buffer.concat(flight));
      const received: string[] = [];
      for (let plain = pair.client.receive(); typeof plain === "object"; plain = pair.client.receive()) {
        received.push(String(plain));
      }
      assert.equal(received.join(""), "onetwothree");
      // Whoever was asked to change its keys has: the server reads on, and so does the other way round.
      pair.client.send(Buffer.from("answer"));
      pair.server.feed(pair.client.take() ?? Buffer.alloc(0));
      assert.equal(String(pair.server.receive()), "answer");
    });

    test("tickets that come in one piece with data do not hide it", () => {
      const client = library.client(clientOptions(certificates, "TLSv1.3"));
      const server = library.server(serverOptions(certificates, "TLSv1.3"));
      client.handshake();
      server.feed(client.take() ?? Buffer.alloc(0));
      server.handshake();
      client.feed(server.take() ?? Buffer.alloc(0));
      while (client.handshake() === "need-verdict") client.admit();
      server.feed(client.take() ?? Buffer.alloc(0));
      assert.equal(server.handshake(), "done");
      server.send(Buffer.from("with the tickets"));
      server.end();
      client.feed(server.take() ?? Buffer.alloc(0));
      assert.equal(String(client.receive()), "with the tickets");
      assert.equal(client.receive(), "end");
      assert.notEqual(client.sessions().length, 0);
      client.close();
      server.close();
    });

    test("an engine is not asked again before there is something new (nothing spins)", async () => {
      let calls = 0;
      let chunks = 0;
      const counting = engineBackend(observed(library, () => (calls += 1)));
      const stalling = interposedPair(async function* (bytes) {
        for await (const chunk of bytes) {
          for (const half of [chunk.subarray(0, 7), chunk.subarray(7)]) {
            const before = calls;
            for (let turn = 0; turn < 50; turn += 1) await nextTurn();
            assert.ok(calls - before <= 64, `${String(calls - before)} calls while nothing came`);
            chunks += 1;
            if (half.length > 0) yield half;
          }
        }
      });
      using pair = await secure({ ...pairing, client: counting, server: counting }, certificates, async () => stalling);
      pair.client.end("question");
      assert.equal(await text(pair.server), "question");
      assert.ok(calls <= chunks * 64, `${String(calls)} calls for ${String(chunks)} chunks`);
    });

    test("a certificate is verified by default: chain, dates, host and purpose", () => {
      for (const { title, identity } of certificates.faulty) {
        const client = library.client(clientOptions(certificates));
        const server = library.server({ ...serverOptions(certificates), identity });
        let step = client.handshake();
        for (let flights = 0; step === "need-data" && flights < 4; flights += 1) {
          server.feed(client.take() ?? Buffer.alloc(0));
          server.handshake();
          client.feed(server.take() ?? Buffer.alloc(0));
          step = client.handshake();
        }
        assert.equal(step, "need-verdict", title);
        // Names are judged by one rule for all libraries, which have looser ones of their own.
        if (!title.includes("common name")) assert.notEqual(client.verification(), undefined, title);
        client.close();
        server.close();
      }
    });

    test("a sane set of ciphers is always offered: authenticated, forward and encrypted", () => {
      const client = library.client(clientOptions(certificates));
      client.handshake();
      const offered = offeredSuites(client.take() ?? Buffer.alloc(0));
      assert.ok(offered.length >= 3);
      assert.deepEqual(
        offered.filter((suite) => unsafeSuites.has(suite)).map((suite) => suite.toString(16)),
        [],
      );
      client.close();
    });

    for (const [title, isBad] of [
      ["fails closed, and never reaches C", false],
      ["lets nobody in whom verification would refuse", true],
    ] as const) {
      test(`an exception at any point inside any callback ${title}`, async () => {
        const identity = isBad ? certificates.faulty[0]?.identity : certificates.good;
        const failures: number[] = [];
        let points = 0;
        // With 0 nothing fails, and the points are counted.
        for (let at = 0; at <= points; at += 1) {
          callbacks.failAt(at);
          const { client, server } = await refuse(pairing, certificates, memory, {
            connect: { alpnProtocols: ["a"] },
            accept: { alpnProtocols: ["a"], identity },
            whenSecure({ alpnProtocol, authorized, encrypted }) {
              // Let in, it is as it would be without the failure.
              assert.deepEqual([alpnProtocol, encrypted], ["a", true]);
              if (isBad) assert.equal(authorized, false);
            },
          });
          for (const error of [client, server]) {
            assert.ok(error === undefined || error instanceof TlsError, `${String(at)}: ${String(error)}`);
          }
          if (isBad) assert.ok(client !== undefined, `let in at ${String(at)}`);
          if (at === 0) points = callbacks.failAt(0);
          else if ((client ?? server) !== undefined) failures.push(at);
        }
        assert.notEqual(failures.length, 0);
        assert.deepEqual(callbacks.escaped, []);
        callbacks.failAt(0);
      });
    }

    test("callbacks are registered once, and none is given back while the process runs", async () => {
      const before = callbacks.registered;
      assert.ok(before > 0);
      for (let round = 0; round < 20; round += 1) {
        using pair = await secure(pairing, certificates, memory);
        pair.client.end();
      }
      assert.deepEqual([callbacks.registered, callbacks.unregistered], [before, 0]);
    });

    const moments: readonly (readonly [title: string, arm: (socket: TlsSocket, destroy: () => void) => void])[] = [
      ["its data", (socket, destroy) => socket.on("data", destroy)],
      ["its end", (socket, destroy) => socket.resume().on("end", destroy)],
      ["a write's callback", (socket, destroy) => socket.resume().write("x", destroy)],
      ["its finish", (socket, destroy) => socket.resume().on("finish", destroy).end()],
    ];
    for (const [title, arm] of moments) {
      test(`a socket that is destroyed from inside ${title} uses nothing that is freed`, async () => {
        using pair = await secure(pairing, certificates, memory);
        pair.server.on("error", () => undefined);
        const closed = closing(pair.client);
        arm(pair.client, () => pair.client.destroy());
        pair.server.write(Buffer.alloc(300_000));
        pair.server.end("end");
        await closed;
        assert.equal(pair.client.errored, null);
      });
    }

    test("a socket that is destroyed from inside onSession uses nothing that is freed", async () => {
      const seen: TlsSocket[] = [];
      using pair = await secure(pairing, certificates, memory, {
        connect: { onSession: () => seen.at(0)?.destroy() },
      });
      seen.push(pair.client);
      pair.server.on("error", () => undefined);
      const closed = closing(pair.client);
      pair.client.resume();
      pair.server.end("with tickets");
      await closed;
      assert.equal(pair.client.errored, null);
    });

    test("a socket that is destroyed answers by name, or as it did", async () => {
      using pair = await secure(pairing, certificates, memory);
      const { client } = pair;
      const leaf = client.getPeerX509Certificate();
      client.destroy();
      assert.equal(client.getPeerX509Certificate(), leaf);
      assert.equal(client.getProtocol(), "TLSv1.3");
      assert.match(client.getCipher().standardName, /^TLS_/);
      for (const use of [() => client.exportKeyingMaterial(16, "EXPORTER-late"), () => client.updateKeys()]) {
        assert.throws(use, { name: "TransportError", code: "STREAM_CLOSED" });
      }
    });
  });
}

function isTruncation(error: unknown): boolean {
  return error instanceof EngineFailure && error.fault.type === "truncated";
}

/** The same library, with every call of an engine's methods told. */
function observed(library: TlsEngineLibrary, tell: () => void): TlsEngineLibrary {
  const watch = (engine: TlsEngine): TlsEngine =>
    new Proxy(engine, {
      get(target, key) {
        // Methods have private fields: they are called on the engine itself.
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== "function") return value;
        return (...parameters: unknown[]): unknown => {
          tell();
          return Reflect.apply(value, target, parameters);
        };
      },
    });
  return {
    ...library,
    client: (options) => watch(library.client(options)),
    server: (options) => watch(library.server(options)),
  };
}
