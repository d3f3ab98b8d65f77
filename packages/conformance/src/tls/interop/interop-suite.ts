import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { TlsError } from "@fairlead/core";
import type { TlsBackend, TlsSocket, TlsVersion } from "@fairlead/tls";
import { connectTcp } from "@fairlead/transport";
import { closing } from "../../stream/index.ts";
import { gated, type Gate } from "../gate.ts";
import { goodHost, mintCertificates, type Certificates } from "../certificates.ts";
import { writePeerFiles, type PeerFiles } from "./peer-files.ts";
import { peerPrograms } from "./programs.ts";

/** Tests a backend against the programs of OpenSSL and of GnuTLS: both directions, both versions, resumption. */
export function tlsInterop(name: string, backend: TlsBackend): void {
  let certificates: Certificates;
  let files: PeerFiles;
  before(async () => {
    certificates = await mintCertificates();
    files = await writePeerFiles(certificates);
  });
  after(() => files[Symbol.asyncDispose]());

  for (const programs of peerPrograms) {
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      describe(`${name} with the programs of ${programs.name} (${version})`, () => {
        test("as the client: handshake, bytes both ways, the end, and a resumed session", async () => {
          await using peer = await programs.serve(files, version);
          const sessions: Uint8Array[] = [];
          for (const line of ["first", "second"]) {
            const socket = await connect(peer.port, sessions);
            assert.deepEqual(
              [socket.authorized, socket.getProtocol(), socket.alpnProtocol, socket.isSessionReused()],
              [true, version, "a", line === "second"],
            );
            socket.write(`${line}\n`);
            const answer = await peer.answer(line);
            await reads(socket, answer);
            socket.end();
            assert.equal(await text(socket), "");
            assert.equal(socket.errored, null);
          }
        });

        test("as the server: handshake, bytes both ways, and the end", async () => {
          await using server = await serve(version);
          await using peer = await programs.connect(files, version, server.port);
          const socket = await server.next();
          assert.deepEqual([socket.getProtocol(), socket.alpnProtocol], [version, "a"]);
          await peer.says(programs.prints.verified);
          await peer.says(programs.prints.alpn);
          socket.write("answer\n");
          await peer.says(/^answer$/m);
          peer.type("question\n");
          await reads(socket, "question");
          peer.endInput();
          assert.equal(await text(socket), "");
          socket.end();
          await peer.ended();
        });

        test("as the server: a session is resumed", async () => {
          const resumed: boolean[] = [];
          await using server = await serve(version, (socket) => {
            resumed.push(socket.isSessionReused());
            socket.once("data", () => socket.write("greeting\n"));
            socket.once("end", () => socket.end());
          });
          await using peer = await programs.resume(files, version, server.port);
          await server.next();
          await server.next();
          assert.deepEqual(resumed, [false, true]);
          await peer.says(programs.prints.resumed);
          peer.type("hello\n");
          await peer.says(/^greeting$/m);
          peer.endInput();
          await peer.ended();
        });

        if (version === "TLSv1.2") {
          test("as the client: renegotiation is refused (RFC 5246 section 7.2.2)", async () => {
            await using peer = await programs.serve(files, version);
            const socket = await connect(peer.port, []);
            const closed = closing(socket);
            socket.resume().once("end", () => socket.end());
            socket.on("error", () => undefined);
            const answered = once(socket, "data");
            socket.write("first\n");
            await peer.answer("first");
            // A command counts only at the beginning of what a program reads: the line before has to be read by then.
            await answered;
            socket.write(peer.renegotiate());
            // Having nothing else to do with a client that does not, the peers give up.
            await peer.program.says(/no renegotiation|warning alert has been received/i);
            await closed;
            assertNamed(socket.errored);
          });

          test("as the server: renegotiation is refused", async () => {
            await using server = await serve(version);
            await using peer = await programs.connect(files, version, server.port);
            const socket = await server.next();
            const closed = closing(socket);
            await peer.says(programs.prints.verified);
            socket.resume().once("end", () => socket.end());
            peer.type(programs.commands.renegotiate);
            await peer.says(/no renegotiation/i);
            peer.endInput();
            await peer.ended();
            await closed;
            assertNamed(socket.errored);
          });
        } else {
          test("as the server: key updates in one piece with data hide nothing (RFC 8446 section 4.6.3)", async () => {
            const gates: Gate[] = [];
            await using server = await serve(version, undefined, (below) => {
              const gate = gated(below);
              gates.push(gate);
              return gate.stream;
            });
            await using peer = await programs.connect(files, version, server.port);
            const socket = await server.next();
            const gate = gates[0] ?? assert.fail();
            socket.write("before\n");
            await peer.says(/^before$/m);
            gate.hold();
            for (const word of ["one", "two"]) {
              const held = gate.records;
              peer.type(programs.commands.updateKeys);
              await gate.holds(held + 1);
              peer.type(`${word}\n`);
              await gate.holds(held + 2);
            }
            gate.release();
            await reads(socket, "one");
            await reads(socket, "two");
            socket.write("after\n");
            await peer.says(/^after$/m);
            peer.endInput();
            assert.equal(await text(socket), "");
            socket.end();
            await peer.ended();
          });
        }
      });

      async function connect(port: number, sessions: Uint8Array[]): Promise<TlsSocket> {
        return backend.connect(await connectTcp({ host: "127.0.0.1", port, allowHalfOpen: true }), {
          host: goodHost,
          trust: certificates.trust,
          alpnProtocols: ["a"],
          session: sessions[0],
          onSession: (session) => sessions.unshift(session),
        });
      }
    }
  }

  async function serve(
    version: TlsVersion,
    greet: (socket: TlsSocket) => void = () => undefined,
    layer: (below: Duplex) => Duplex = (below) => below,
  ): Promise<SecureServer> {
    const accepting: Promise<TlsSocket>[] = [];
    const listener = createServer({ allowHalfOpen: true }, (below) => {
      accepting.push(accept(layer(below), version, greet));
    }).listen(0, "127.0.0.1");
    await once(listener, "listening");
    let taken = 0;
    return {
      port: (listener.address() as AddressInfo).port,
      async next() {
        while (accepting.length === taken) await once(listener, "connection");
        const socket = await accepting[taken];
        taken += 1;
        assert.ok(socket);
        return socket;
      },
      async [Symbol.asyncDispose]() {
        for (const socket of await Promise.allSettled(accepting)) {
          if (socket.status === "fulfilled") socket.value.destroy();
        }
        listener.close();
        await once(listener, "close");
      },
    };
  }

  async function accept(below: Duplex, version: TlsVersion, greet: (socket: TlsSocket) => void): Promise<TlsSocket> {
    const socket = await backend.accept(below, {
      identity: certificates.good,
      alpnProtocols: ["a"],
      minVersion: version,
      maxVersion: version,
    });
    // Programs that resume leave their first connection as they like.
    socket.on("error", () => undefined);
    greet(socket);
    return socket;
  }
}

interface SecureServer extends AsyncDisposable {
  readonly port: number;
  /** Every connection is accepted; this gives them one by one. */
  next(): Promise<TlsSocket>;
}

/** Reads one line, which must be this one. */
async function reads(stream: Duplex, line: string): Promise<void> {
  let received = "";
  while (!received.endsWith("\n")) {
    const byte = stream.read(1) as Buffer | null;
    if (byte === null) await once(stream, "readable");
    else received += byte.toString();
  }
  assert.equal(received.trim(), line);
}

/** What an unusual peer does may end a connection, but by name. */
function assertNamed(error: Error | null | undefined): void {
  assert.ok(error === null || error instanceof TlsError, String(error));
}
