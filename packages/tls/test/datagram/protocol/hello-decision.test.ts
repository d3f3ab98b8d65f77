import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { readClientHello } from "../../../src/datagram/protocol/client-hello.ts";
import { decideHello, type CookieMaker } from "../../../src/datagram/protocol/hello-decision.ts";
import { writeHelloVerifyRequest } from "../../../src/datagram/protocol/hello-verify-request.ts";

/** A DTLS 1.2 ClientHello in one record. RFC 6347 sections 4.1, 4.2.1 and 4.2.2 */
function clientHello(
  fields: Partial<Record<"session" | "cookie" | "suites" | "compression" | "extensions", Buffer>> = {},
) {
  const { session = none, cookie = none, suites = Buffer.of(0xc0, 0xa8), compression = Buffer.of(0) } = fields;
  const { extensions = none } = fields;
  const body = Buffer.concat([
    Buffer.of(0xfe, 0xfd),
    Buffer.alloc(32, 0xaa),
    ...[Buffer.of(session.length), session],
    ...[Buffer.of(cookie.length), cookie],
    ...[Buffer.of(suites.length >> 8, suites.length & 0xff), suites],
    ...[Buffer.of(compression.length), compression],
    extensions,
  ]);
  const header = Buffer.from("16feff0000000000000007000001000000000000000000000000", "hex").subarray(0, 25);
  const bytes = Buffer.concat([header, body]);
  bytes.writeUInt16BE(body.length + 12, 11);
  bytes.writeUIntBE(body.length, 14, 3);
  bytes.writeUIntBE(body.length, 22, 3);
  return bytes;
}

const none = Buffer.alloc(0);

function edited(index: number, value: number): Buffer {
  const bytes = clientHello();
  bytes[index] = value;
  return bytes;
}

describe("a ClientHello (RFC 6347 section 4.2.1)", () => {
  test("is read with its numbers, random and cookie", () => {
    const hello = readClientHello(clientHello({ cookie: Buffer.from("cookie"), session: Buffer.alloc(32, 1) }));
    assert.equal(hello?.recordSequence, 7n);
    assert.equal(hello.messageSequence, 0);
    assert.deepEqual(Buffer.from(hello.random), Buffer.alloc(32, 0xaa));
    assert.equal(Buffer.from(hello.cookie).toString(), "cookie");
  });

  test("has the same parameters with a cookie and without, and others when anything else changes", () => {
    const parameters = (bytes: Buffer): string =>
      Buffer.from(readClientHello(bytes)?.parameters ?? none).toString("hex");
    const plain = parameters(clientHello());
    assert.notEqual(plain, "");
    assert.equal(parameters(clientHello({ cookie: Buffer.alloc(32) })), plain);
    // RFC 6347 section 4.2.1 leaves extensions out: they may differ.
    assert.equal(parameters(clientHello({ extensions: Buffer.alloc(10) })), plain);
    for (const fields of [
      { session: Buffer.of(1) },
      { suites: Buffer.of(0xc0, 0xa9) },
      { compression: Buffer.of(1) },
      // The same bytes, cut otherwise.
      { session: Buffer.of(0, 2, 0xc0, 0xa8), suites: none },
    ]) {
      assert.notEqual(parameters(clientHello(fields)), plain);
    }
  });

  for (const [title, bytes] of [
    ["nothing", none],
    ["a byte less than it says", clientHello().subarray(0, -1)],
    ["another type of record", edited(0, 23)],
    ["TLS", edited(1, 3)],
    ["a later epoch", edited(4, 1)],
    ["another message", edited(13, 2)],
    ["a fragment that is not the first", edited(21, 1)],
    ["a fragment that is not all", edited(24, 10)],
    ["a message that is shorter than its record", edited(16, 3)],
    ["a session that goes past the end", edited(59, 200)],
    ["a cookie that goes past the end", edited(60, 200)],
    ["cipher suites that go past the end", edited(61, 200)],
    ["compression methods that go past the end", edited(65, 200)],
  ] as const) {
    test(`is not ${title}`, () => {
      assert.equal(readClientHello(bytes), undefined);
    });
  }
});

describe("the answer to a ClientHello", () => {
  const cookies: CookieMaker = {
    make: (input) =>
      Uint8Array.from({ length: 32 }, (_, index) => input.reduce((sum, byte) => Math.imul(sum, 31) + byte + index, 7)),
    accepts: (input, cookie) => Buffer.compare(cookies.make(input), cookie) === 0,
  };
  const address = Buffer.from("192.0.2.1:5684");

  test("is the bytes of RFC 6347 section 4.2.1: its own sequence numbers, DTLS 1.0, and the cookie", () => {
    const hello = readClientHello(clientHello()) ?? assert.fail();
    assert.equal(
      Buffer.from(writeHelloVerifyRequest(hello, Buffer.from("abcd", "hex"))).toString("hex"),
      "16feff00000000000000070011" + "030000050000000000000005" + "feff02abcd",
    );
    assert.throws(() => writeHelloVerifyRequest(hello, new Uint8Array(33)), RangeError);
  });

  test("lets in who brings the cookie back, and nobody else", () => {
    const first = decideHello(clientHello(), address, cookies);
    assert.equal(first.type, "verify");
    const cookie = Buffer.from(first.answer.subarray(28));
    assert.equal(decideHello(clientHello({ cookie }), address, cookies).type, "accept");
    const elsewhere = Buffer.from("192.0.2.1:5685");
    assert.equal(decideHello(clientHello({ cookie }), elsewhere, cookies).type, "verify");
    assert.equal(decideHello(clientHello({ cookie, session: Buffer.of(1) }), address, cookies).type, "verify");
  });

  test("is never longer than what came, whatever came", () => {
    const datagrams = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .record({
          session: bytesOf(32),
          cookie: bytesOf(255),
          suites: bytesOf(60),
          compression: bytesOf(20),
          extensions: bytesOf(60),
        })
        .chain((fields) => fc.tuple(fc.constant(clientHello(fields)), fc.nat(), fc.nat(255), fc.boolean()))
        .map(([bytes, at, value, isChanged]) => {
          if (isChanged) bytes[at % bytes.length] = value;
          return bytes;
        }),
    );
    fc.assert(
      fc.property(datagrams, (datagram) => {
        const decision = decideHello(datagram, address, cookies);
        if (decision.type === "verify") assert.ok(decision.answer.length <= datagram.length);
      }),
      { numRuns: 2_000 },
    );
  });
});

function bytesOf(maxLength: number): fc.Arbitrary<Buffer> {
  return fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes));
}
