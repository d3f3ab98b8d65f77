import {
  openNetworkAccessManager,
  type ClientCertificateQuestion,
  type ConnectOptions,
  type NetworkAccessManager,
  type NetworkAccessManagerOptions,
} from "@fairlead/access";
import { isCodedError, TransportError, UsageError } from "@fairlead/core";
import { openStore } from "@fairlead/store";
import { mintCertificate } from "@fairlead/testserver/authority";
import type { TlsSocket } from "@fairlead/tls";
import { tlsServer } from "@fairlead/tls/sockets";
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, test } from "node:test";
import { networkFixture } from "../network-fixture.ts";
import { tlsBackends } from "../tls-backends.ts";

const fixture = networkFixture();
const at = (name: "tcp-echo" | "mqtts" | "mqtt-client-certificate" | "tcp-silent", scheme: string): string =>
  `${scheme}://a.fairlead.test:${String(fixture.network.service(name).port)}`;

/** MQTT 3.1.1, a clean session, no client ID. */
const CONNECT = Uint8Array.of(0x10, 12, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 60, 0, 0);
const CONNACK = [0x20, 2, 0, 0];

async function greeting(stream: Duplex): Promise<string> {
  const [piece] = (await once(stream, "data")) as [Buffer];
  return piece.toString();
}

/** Whether a broker at the other end answers. */
async function connack(stream: Duplex): Promise<void> {
  stream.write(CONNECT);
  const answer: number[] = [];
  for await (const piece of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    answer.push(...piece);
    if (answer.length >= CONNACK.length) break;
  }
  assert.deepEqual(answer, CONNACK);
}

describe("where a stream leads", () => {
  const refused: readonly (readonly [url: string, code: string])[] = [
    ["mqtts://me:secret@a.example", "URL_USER_INFORMATION"],
    ["mqtts://me@a.example", "URL_USER_INFORMATION"],
    ["https://a.example", "URL_SCHEME_UNKNOWN"],
    ["wss://a.example", "URL_SCHEME_UNKNOWN"],
    ["gopher://a.example:70", "URL_SCHEME_UNKNOWN"],
    ["constructor://a.example:70", "URL_SCHEME_UNKNOWN"],
    ["tls://a.example", "URL_INVALID"],
    ["tcp://a.example:0", "URL_INVALID"],
    ["mqtts:a.example", "URL_INVALID"],
    ["mqtts:///topic", "URL_INVALID"],
    ["mqtts://a%40b", "URL_INVALID"],
    ["not a url with secret@", "URL_INVALID"],
  ];
  for (const [url, code] of refused) {
    test(`${url} is refused as ${code} before anything is sent`, async () => {
      await using manager = await openNetworkAccessManager();
      await assert.rejects(manager.connect(url), (error) => {
        assert.ok(error instanceof UsageError);
        assert.equal(error.code, code);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
    });
  }

  const found: readonly (readonly [url: string, question: string])[] = [
    ["mqtt://Broker.Example", "mqtt://broker.example:1883/"],
    ["mqtts://b\u00fccher.example/a/topic?query#fragment", "mqtts://xn--bcher-kva.example:8883/"],
    ["amqp://127.1", "amqp://127.0.0.1:5672/"],
    ["amqps://[0:0::1]", "amqps://[::1]:5671/"],
    ["coap+tcp://device.example", "coap+tcp://device.example:5683/"],
    ["coaps+tcp://device.example", "coaps+tcp://device.example:5684/"],
    ["mqtts://broker.example:443", "mqtts://broker.example:443/"],
    ["tcp://a.example:7", "tcp://a.example:7/"],
  ];
  for (const [url, question] of found) {
    test(`${url} asks for the way to ${question}`, async () => {
      const asked: string[] = [];
      const stop = new Error("seen");
      const proxy = (given: { readonly url: string }): never => {
        asked.push(given.url);
        throw stop;
      };
      await using manager = await openNetworkAccessManager({ proxy });
      await assert.rejects(manager.connect(url), (error) => error === stop);
      assert.deepEqual(asked, [question]);
    });
  }
});

describe("a stream in the clear", () => {
  test("goes by the manager's names", async () => {
    await using manager = await fixture.open();
    const stream = await manager.connect(at("tcp-echo", "tcp"));
    assert.match(await greeting(stream), /^220 /);
    stream.destroy();
  });

  for (const [name, tunnels] of [
    ["proxy-http", "http"],
    ["proxy-https", "https"],
    ["socks5", "socks5"],
  ] as const) {
    test(`goes through a tunnel of ${name}, though nothing is secured`, async () => {
      const host = tunnels === "https" ? "localhost" : "127.0.0.1";
      const proxy = `${tunnels}://${host}:${String(fixture.network.service(name).port)}`;
      await using manager = await fixture.open({ proxy });
      const opened: (string | undefined)[] = [];
      manager.observe({ connectionOpened: (_facts, origin) => void opened.push(origin) });
      const stream = await manager.connect(at("tcp-echo", "tcp"));
      assert.match(await greeting(stream), /^220 /);
      stream.destroy();
      assert.deepEqual(opened, [at("tcp-echo", "tcp")]);
    });
  }

  test("that nobody accepts fails by name", async () => {
    await using manager = await fixture.open();
    await assert.rejects(manager.connect("tcp://127.0.0.1:1"), (error) => {
      assert.ok(error instanceof TransportError);
      assert.equal(error.code, "CONNECTION_REFUSED");
      return true;
    });
    assert.equal(manager.counters().connections.failed, 1);
  });
});

for (const backend of tlsBackends) {
  const tls = { backend };
  const open = (options: NetworkAccessManagerOptions = {}): Promise<NetworkAccessManager> =>
    fixture.open({ ...options, tls: { ...tls, ...options.tls } });

  describe(`a secure stream, over ${backend.name}`, () => {
    test("is verified, offers no protocol of HTTP, and resumes its session the next time", async () => {
      await using store = await openStore("memory:");
      for (const isSecond of [false, true]) {
        await using manager = await open({ store });
        const stream = (await manager.connect(at("mqtts", "mqtts"))) as TlsSocket;
        assert.equal(stream.authorized, true);
        assert.equal(stream.alpnProtocol ?? false, false);
        assert.equal(stream.isSessionReused(), isSecond);
        await connack(stream);
        stream.destroy();
      }
    });

    test("does not resume what was gained with other protocols", async () => {
      await using manager = await open();
      const resumed = async (options?: ConnectOptions): Promise<boolean> => {
        const stream = (await manager.connect(at("mqtts", "mqtts"), options)) as TlsSocket;
        const isReused = stream.isSessionReused();
        await connack(stream);
        stream.destroy();
        return isReused;
      };
      assert.equal(await resumed(), false);
      assert.equal(await resumed({ alpnProtocols: ["mqtt"] }), false);
      assert.equal(await resumed(), true);
    });

    test("by a key that both know, without certificates", async () => {
      const key = new Uint8Array(32).fill(7);
      await using server = tlsServer({ backend, psk: (identity) => (identity === "device" ? key : undefined) });
      server.on("connection", ({ socket }) => socket.end("hello"));
      const { port } = await server.listen({ port: 0, host: "localhost" });
      await using manager = await open();
      const url = `tls://localhost:${String(port)}`;
      const stream = await manager.connect(url, { psk: { identity: "device", key } });
      assert.equal(String(await buffer(stream)), "hello");
    });

    test("to a server with a wrong certificate is refused by name, and put to the application", async () => {
      const origin = fixture.network.service("https-self-signed").origin.replace("https:", "tls:");
      await using strict = await open();
      await assert.rejects(
        strict.connect(origin),
        (error) => isCodedError(error) && error.code === "CERTIFICATE_SELF_SIGNED",
      );
      const asked: string[] = [];
      await using lenient = await open({
        onCertificateError: ({ origin: asking, error }) => {
          asked.push(`${asking} ${error.code}`);
          return { type: "accept" };
        },
      });
      const stream = (await lenient.connect(origin)) as TlsSocket;
      assert.equal(stream.authorized, false);
      stream.destroy();
      assert.deepEqual(asked, [`${origin} CERTIFICATE_SELF_SIGNED`]);
    });

    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
      test(`${maxVersion}: a server that wants a client certificate is answered by the application`, async () => {
        const alice = await mintCertificate({ issuer: fixture.network.ca, names: ["alice"], usage: "client" });
        const questions: ClientCertificateQuestion[] = [];
        await using manager = await open({
          tls: { maxVersion },
          onClientCertificate: (question) => {
            questions.push(question);
            return { type: "identity", identity: alice };
          },
        });
        const url = at("mqtt-client-certificate", "mqtts");
        if (backend.name === "node" && maxVersion === "TLSv1.3") {
          // Nobody hears of it before the stream is open, where it ends it; the next one is asked for beforehand.
          const refused = await manager.connect(url);
          refused.write(CONNECT);
          const [error] = (await once(refused, "error")) as [Error];
          assert.ok(isCodedError(error));
          assert.equal(error.code, "CLIENT_CERTIFICATE_REQUIRED");
          assert.deepEqual(questions, []);
        }
        const stream = await manager.connect(url);
        await connack(stream);
        stream.destroy();
        assert.deepEqual(
          questions.map(({ origin }) => origin),
          [url],
        );
      });
    }
  });
}

describe("a stream and its manager", () => {
  test("opening is given up by a signal, with its reason", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      await using manager = await fixture.open();
      const reason = new Error("no longer wanted");
      const giving = new AbortController();
      server.once("connection", () => giving.abort(reason));
      const url = `tls://localhost:${String((server.address() as AddressInfo).port)}`;
      await assert.rejects(manager.connect(url, { signal: giving.signal }), (error) => error === reason);
      await assert.rejects(manager.connect(url, { signal: AbortSignal.abort(reason) }), (error) => error === reason);
    } finally {
      server.close();
    }
  });

  test("has the deadlines of the manager, and its own", async () => {
    await using manager = await fixture.open();
    await assert.rejects(
      manager.connect(at("tcp-silent", "tls"), { timeouts: { secure: 20 } }),
      (error) => isCodedError(error) && error.code === "TIMED_OUT",
    );
  });

  test("a signal that fires later leaves an open stream alone", async () => {
    await using manager = await fixture.open();
    const giving = new AbortController();
    const stream = await manager.connect(at("tcp-echo", "tcp"), { signal: giving.signal });
    giving.abort();
    assert.match(await greeting(stream), /^220 /);
    stream.destroy();
  });

  test("closing the manager sends what was written, and ends the stream", async () => {
    const manager = await fixture.open();
    const stream = await manager.connect(at("tcp-echo", "tcp"));
    const echoed = buffer(stream);
    stream.write("the last words");
    await manager.close();
    assert.match(String(await echoed), /the last words$/);
    await assert.rejects(
      manager.connect(at("tcp-echo", "tcp")),
      (error) => error instanceof UsageError && error.code === "MANAGER_CLOSED",
    );
  });

  test("destroying it ends the stream at once, with the reason", async () => {
    const manager = await fixture.open();
    const stream = await manager.connect(at("tcp-silent", "tcp"));
    const reason = new Error("over");
    const failed = once(stream, "error") as Promise<[Error]>;
    await manager.destroy(reason);
    assert.equal((await failed)[0], reason);
  });

  test("a library's own CONNECT still is one", async () => {
    await using manager = await fixture.open();
    const { port } = fixture.network.service("proxy-http");
    const target = `127.0.0.1:${String(fixture.network.service("tcp-echo").port)}`;
    const { socket } = await manager.connect({ origin: `http://127.0.0.1:${String(port)}`, path: target });
    assert.match(await greeting(socket), /^220 /);
    socket.destroy();
  });
});
