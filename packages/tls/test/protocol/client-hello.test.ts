import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { connect, type ConnectionOptions } from "node:tls";
import { memoryPair } from "@fairlead/transport";
import fc from "fast-check";
import { ClientHelloReader, maxClientHelloBytes, type ClientHelloReading } from "../../src/protocol/client-hello.ts";

/** Version, random, session identifier, cipher suites and compression methods. */
const fixedPart = Buffer.concat([Buffer.of(3, 3), Buffer.alloc(32, 5), Buffer.of(0, 0, 2, 0x13, 1, 1, 0)]);

describe("a ClientHello", () => {
  test("tells versions, server name, protocols and kinds of keys", async () => {
    const bytes = await hello({ servername: "A.Example", ALPNProtocols: ["h2", "http/1.1"] });
    assert.deepEqual(read(bytes), {
      type: "hello",
      hello: {
        versions: [0x0304, 0x0303],
        serverName: "a.example",
        alpnProtocols: ["h2", "http/1.1"],
        keyTypes: ["ec", "ed25519", "ed448", "rsa"],
      },
    });
  });

  test("tells less when the client says less", async () => {
    const reading = read(await hello({ minVersion: "TLSv1.2", maxVersion: "TLSv1.2", sigalgs: "ECDSA+SHA256" }));
    assert.deepEqual(reading, {
      type: "hello",
      hello: { versions: [0x0303], serverName: undefined, alpnProtocols: [], keyTypes: ["ec"] },
    });
    const bare = read(record(message(fixedPart)));
    assert.deepEqual(bare, {
      type: "hello",
      hello: { versions: [0x0303], serverName: undefined, alpnProtocols: [], keyTypes: [] },
    });
  });

  test("is the same in whatever records and chunks it comes (RFC 8446 section 5.1)", async () => {
    const whole = await hello({ servername: "a.example" });
    const expected = read(whole);
    assert.equal(expected.type, "hello");
    const payload = whole.subarray(5);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 700 }), (recordBytes, chunkBytes) => {
        const bytes = Buffer.concat(pieces(payload, recordBytes).map((piece) => record(piece)));
        const reader = new ClientHelloReader();
        for (const chunk of pieces(bytes, chunkBytes)) {
          assert.equal(reader.reading.type, "need-data");
          reader.add(chunk);
        }
        assert.deepEqual(reader.reading, expected);
        assert.deepEqual(Buffer.from(reader.bytes), bytes);
      }),
      { numRuns: 50 },
    );
  });

  test("needs every byte but what follows it", async () => {
    const whole = await hello({ servername: "a.example" });
    for (let length = 0; length < whole.length; length += 1) {
      assert.equal(read(whole.subarray(0, length)).type, "need-data");
    }
    assert.equal(read(Buffer.concat([whole, Buffer.of(20, 3, 3, 0, 1, 1)])).type, "hello");
  });

  const refused: readonly (readonly [title: string, bytes: Uint8Array, reading: Partial<ClientHelloReading>])[] = [
    ["plain HTTP", Buffer.from("G"), { type: "not-tls" }],
    ["a record of another protocol", Buffer.of(22, 2), { type: "not-tls" }],
    ["application data", Buffer.of(23, 3, 3), { type: "not-tls" }],
    ["an alert", Buffer.of(21, 3, 3, 0, 2, 2, 70), { type: "alert", description: 70 }],
    ["another handshake message", record(Buffer.of(2)), { type: "invalid", alert: 10 }],
    ["an empty record", Buffer.of(22, 3, 1, 0, 0), { type: "invalid", alert: 50 }],
    ["a record above 2^14 bytes", Buffer.of(22, 3, 1, 0x40, 1), { type: "invalid", alert: 22 }],
    ["a message that says it is too long", record(Buffer.of(1, 1, 0, 0)), { type: "invalid", alert: 50 }],
    ["bytes after the message", record(message(fixedPart, Buffer.of(0, 0, 0))), { type: "invalid", alert: 50 }],
    ["an extension past the end", hollow(Buffer.of(0, 0, 0, 9, 0)), { type: "invalid", alert: 50 }],
    ["half of an extension", hollow(Buffer.of(0, 0, 0)), { type: "invalid", alert: 50 }],
    ["the same extension twice", hollow(Buffer.of(0, 23, 0, 0, 0, 23, 0, 0)), { type: "invalid", alert: 50 }],
    ["two server names", named("a.example", "b.example"), { type: "invalid", alert: 50 }],
    ["an empty server name", named(""), { type: "invalid", alert: 50 }],
    ["a server name with a line break", named("a\n.example"), { type: "invalid", alert: 50 }],
    ["a server name with a zero", named("a.example\0.b.example"), { type: "invalid", alert: 50 }],
    ["a server name above 255 bytes", named("a".repeat(256)), { type: "invalid", alert: 50 }],
    ["an empty protocol", hollow(Buffer.of(0, 16, 0, 3, 0, 1, 0)), { type: "invalid", alert: 50 }],
    ["half of a version", hollow(Buffer.of(0, 43, 0, 4, 3, 3, 4, 3)), { type: "invalid", alert: 50 }],
    ["bytes after a list of versions", hollow(Buffer.of(0, 43, 0, 4, 2, 3, 4, 3)), { type: "invalid", alert: 50 }],
  ];
  for (const [title, bytes, reading] of refused) {
    test(`is not ${title}`, () => {
      assert.partialDeepStrictEqual(read(bytes), reading);
    });
  }

  test("ends at its limit, whatever it says", () => {
    const reader = new ClientHelloReader();
    const part = record(Buffer.alloc(1_000, 1));
    part.set([1, 0, 0xff, 0xf0], 5);
    while (reader.add(part).type === "need-data") assert.ok(reader.bytes.length <= maxClientHelloBytes);
    assert.partialDeepStrictEqual(reader.reading, { type: "invalid", alert: 50 });
    const { length } = reader.bytes;
    assert.ok(length <= maxClientHelloBytes + part.length);
  });

  test("whatever arrives, it is one of the readings", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, framed) => {
        const { type } = read(framed ? record(message(fixedPart, bytes)) : bytes);
        assert.match(type, /^(need-data|hello|alert|not-tls|invalid)$/);
      }),
    );
  });
});

function read(bytes: Uint8Array): ClientHelloReading {
  return new ClientHelloReader().add(bytes);
}

function record(payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(22, 3, 1), twoBytes(payload.length), payload]);
}

function message(...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(1, 0), twoBytes(body.length), body]);
}

/** A ClientHello with nothing but these bytes as its extensions. */
function hollow(extensions: Uint8Array): Buffer {
  return record(message(fixedPart, twoBytes(extensions.length), extensions));
}

function named(...names: readonly string[]): Buffer {
  const list = Buffer.concat(
    names.map((name) => Buffer.concat([Buffer.of(0), twoBytes(name.length), Buffer.from(name, "latin1")])),
  );
  return hollow(Buffer.concat([Buffer.of(0, 0), twoBytes(list.length + 2), twoBytes(list.length), list]));
}

function twoBytes(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff);
}

function pieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

async function hello(options: ConnectionOptions): Promise<Buffer> {
  const [near, far] = memoryPair();
  const socket = connect({ socket: near, minVersion: "TLSv1.2", ...options });
  socket.on("error", () => undefined);
  const [bytes] = (await once(far, "data")) as [Buffer];
  socket.destroy();
  return bytes;
}
