import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  formatProxyHead,
  maxProxyHeadBytes,
  readProxyHead,
  type ProxyHead,
  type ProxyHeadReading,
} from "@fairlead/transport/proxy-protocol";
import fc from "fast-check";
import { crc32c } from "../../../src/protocol/proxy-protocol/crc32c.ts";

const signature = "0d0a0d0a000d0a515549540a";
const silent = { tls: undefined, alpnProtocol: undefined, authority: undefined, uniqueId: undefined };

describe("a head of version 1 (section 2.1)", () => {
  for (const [line, source, destination] of [
    ["PROXY TCP4 192.0.2.1 198.51.100.255 56324 443", ["192.0.2.1", 56_324], ["198.51.100.255", 443]],
    ["PROXY TCP4 255.255.255.255 0.0.0.0 65535 0", ["255.255.255.255", 65_535], ["0.0.0.0", 0]],
    ["PROXY TCP6 2001:DB8::1 0:0:0:0:0:0:0:1 1 2", ["2001:db8::1", 1], ["::1", 2]],
    ["PROXY TCP6 ::ffff:192.0.2.1 ::ffff:c000:202 1 2", ["192.0.2.1", 1], ["192.0.2.2", 2]],
  ] as const) {
    test(`is read: ${line}`, () => {
      const bytes = Buffer.from(`${line}\r\nGET /`);
      const ends = { type: "addresses", source: end(source), destination: end(destination) };
      const expected = { type: "head", head: { version: 1, ends, ...silent }, length: line.length + 2 };
      assert.deepEqual(readProxyHead(bytes), expected);
    });
  }

  test("says nothing with UNKNOWN, whatever follows it", () => {
    const longest = `PROXY UNKNOWN ${"ffff:".repeat(7)}ffff ${"ffff:".repeat(7)}ffff 65535 65535`;
    for (const line of ["PROXY UNKNOWN", "PROXY UNKNOWN anything", longest]) {
      const reading = readProxyHead(Buffer.from(`${line}\r\n`));
      assert.deepEqual(reading, {
        type: "head",
        head: { version: 1, ends: { type: "own" }, ...silent },
        length: line.length + 2,
      });
    }
    assert.equal(longest.length + 2, 107);
  });

  for (const line of [
    "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\n",
    "PROXY TCP4 192.0.2.01 198.51.100.1 56324 443\r\n",
    "PROXY TCP4 192.0.2.256 198.51.100.1 56324 443\r\n",
    "PROXY TCP4 192.0.2 198.51.100.1 56324 443\r\n",
    "PROXY TCP4 ::1 198.51.100.1 56324 443\r\n",
    "PROXY TCP6 192.0.2.1 198.51.100.1 56324 443\r\n",
    "PROXY TCP6 ::1%eth0 ::1 56324 443\r\n",
    "PROXY TCP6 [::1] ::1 56324 443\r\n",
    "PROXY TCP4 192.0.2.1 198.51.100.1 056324 443\r\n",
    "PROXY TCP4 192.0.2.1 198.51.100.1 65536 443\r\n",
    "PROXY TCP4 192.0.2.1 198.51.100.1 -1 443\r\n",
    "PROXY TCP4 192.0.2.1 198.51.100.1 56324\r\n",
    "PROXY TCP4  192.0.2.1 198.51.100.1 56324 443\r\n",
    "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443 \r\n",
    "PROXY UDP4 192.0.2.1 198.51.100.1 56324 443\r\n",
    "PROXY UNKNOWNS\r\n",
    "PROXY \r\n",
    `PROXY UNKNOWN ${"x".repeat(94)}\r\n`,
  ]) {
    test(`is refused: ${JSON.stringify(line)}`, () => {
      assert.equal(readProxyHead(Buffer.from(line)).type, "invalid");
    });
  }
});

describe("a head of version 2 (section 2.2)", () => {
  test("is read with addresses of either version, by its bytes", () => {
    const ipv4 = `${signature}2111000c` + "c0000201c6336401dc0401bb";
    assert.deepEqual(readProxyHead(hex(`${ipv4}16`)), {
      type: "head",
      head: { version: 2, ends: addresses(["192.0.2.1", 56_324], ["198.51.100.1", 443]), ...silent },
      length: 28,
    });
    const ipv6 = `${signature}2121002420010db8${"00".repeat(11)}01${"00".repeat(15)}01000100ff`;
    assert.deepEqual(readProxyHead(hex(ipv6)), {
      type: "head",
      head: { version: 2, ends: addresses(["2001:db8::1", 1], ["::1", 255]), ...silent },
      length: 52,
    });
    const mapped = `${signature}21210024${"00".repeat(10)}ffffc0000201${"00".repeat(15)}01000100ff`;
    assert.deepEqual(headOf(mapped)?.ends, addresses(["192.0.2.1", 1], ["::1", 255]));
  });

  test("says nothing of the addresses with LOCAL, which has all else discarded, or for no family", () => {
    for (const head of [`${signature}20000000`, `${signature}2011000affffffffffffffffffff`, `${signature}21000000`]) {
      assert.deepEqual(headOf(head), { version: 2, ends: { type: "own" }, ...silent });
    }
    assert.deepEqual(headOf(`${signature}213100d8${"61".repeat(216)}`)?.ends, { type: "unix" });
  });

  test("says what is known of the client's TLS", () => {
    const version = "210007" + Buffer.from("TLSv1.3").toString("hex");
    const name = "220003" + Buffer.from("Zoé".normalize("NFC"), "latin1").toString("hex");
    const tls = (bits: string, verdict: string): ProxyHead["tls"] => {
      const value = bits + verdict + version + name;
      const tlv = `20${(value.length / 2).toString(16).padStart(4, "0")}${value}`;
      return headOf(`${signature}2100${(tlv.length / 2).toString(16).padStart(4, "0")}${tlv}`)?.tls;
    };
    const told = { protocol: "TLSv1.3", cipher: undefined, clientCommonName: "Zo\u{fffd}" };
    assert.deepEqual(tls("03", "00000000"), { ...told, isClientVerified: true });
    assert.deepEqual(tls("05", "00000000"), { ...told, isClientVerified: true });
    assert.deepEqual(tls("03", "00000012"), { ...told, isClientVerified: false });
    assert.deepEqual(tls("01", "00000000"), { ...told, isClientVerified: false });
    assert.equal(tls("02", "00000000"), undefined);
  });

  for (const [what, head] of [
    ["another version", `${signature}11110000`],
    ["another command", `${signature}2211000c${"00".repeat(12)}`],
    ["another family", `${signature}2141000c${"00".repeat(12)}`],
    ["another protocol", `${signature}2113000c${"00".repeat(12)}`],
    ["addresses that are cut short", `${signature}2111000b${"00".repeat(11)}`],
    ["IPv6 addresses that are cut short", `${signature}2121000c${"00".repeat(12)}`],
    ["a value that is cut short", `${signature}2100000401000265`],
    ["a value without its length", `${signature}210000020100`],
    ["a wrong checksum", `${signature}2100000703000400000000`],
    ["a checksum of another size", `${signature}210000050300020000`],
    ["more than its limit", `${signature}2100${(maxProxyHeadBytes - 15).toString(16)}`],
  ] as const) {
    test(`is refused: ${what}`, () => assert.equal(readProxyHead(hex(head)).type, "invalid"));
  }

  test("has its checksum checked", () => {
    assert.equal(crc32c(Buffer.from("123456789")), 0xe3069283);
    const head: ProxyHead = { version: 2, ends: addresses(["192.0.2.1", 1], ["192.0.2.2", 2]), ...silent };
    const bytes = formatProxyHead({ ...head, authority: "a.example" }, { checksum: true });
    assert.equal(readProxyHead(bytes).type, "head");
    for (let at = 13; at < bytes.length; at += 1) {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      // The one byte that says that there is a checksum.
      const isHead = at === bytes.length - 7;
      assert.equal(readProxyHead(damaged).type === "head", isHead, `byte ${String(at)}`);
    }
  });
});

describe("any head", () => {
  test("comes back as it was written, whole or byte by byte, and leaves what follows", () => {
    fc.assert(
      fc.property(heads, fc.boolean(), fc.uint8Array({ maxLength: 8 }), (drawn, checksum, after) => {
        // Records of fast-check have no prototype.
        const head = structuredClone(drawn);
        const written = formatProxyHead(head, { checksum });
        const bytes = Uint8Array.of(...written, ...after);
        const expected: ProxyHeadReading = { type: "head", head, length: written.length };
        assert.deepEqual(readProxyHead(bytes), expected);
        for (let length = 0; length < written.length; length += 1) {
          assert.deepEqual(readProxyHead(bytes.subarray(0, length)), { type: "need-data" });
        }
      }),
      { numRuns: 200 },
    );
  });

  test("never throws, whatever comes, and never wants more than its limit", () => {
    const starts = fc
      .constantFrom("", "PROXY ", "PROXY TCP4 1.2.3.4 ", "PROXY TCP6 ::1 ")
      .map((text) => Buffer.from(text));
    const binary = fc.constantFrom(signature, `${signature}2111`, `${signature}2121`, `${signature}2100`).map(hex);
    fc.assert(
      fc.property(fc.oneof(starts, binary), fc.uint8Array({ maxLength: 300 }), (start, rest) => {
        const bytes = Buffer.concat([start, rest]);
        const reading = readProxyHead(bytes);
        if (reading.type === "head") assert.ok(reading.length <= bytes.length);
        if (reading.type === "need-data") assert.ok(bytes.length < maxProxyHeadBytes);
      }),
    );
    const longest = Buffer.concat([hex(`${signature}21003ff0`), Buffer.alloc(maxProxyHeadBytes - 16, 4)]);
    assert.notEqual(readProxyHead(longest).type, "need-data");
  });

  test("is nothing else: requests, and TLS, are none", () => {
    for (const other of ["GET / HTTP/1.1\r\n", "PUT", "\x16\x03\x01", "\r\n\r\nG", "PROXYING", "proxy TCP4"]) {
      assert.equal(readProxyHead(Buffer.from(other, "latin1")).type, "none");
    }
  });

  test("is not written with what is no address, no port, or too much", () => {
    const head = (source: readonly [string, number]): ProxyHead => {
      return { version: 2, ends: addresses(source, ["192.0.2.2", 2]), ...silent };
    };
    for (const source of [
      ["a.example", 1],
      ["192.0.2.1", 65_536],
      ["192.0.2.1", 1.5],
    ] as const) {
      assert.throws(() => formatProxyHead(head(source)), RangeError);
    }
    const long = { ...head(["192.0.2.1", 1]), authority: "a".repeat(65_530) };
    assert.throws(() => formatProxyHead(long), RangeError);
  });
});

const ports = fc.integer({ min: 0, max: 65_535 });
const ipv4 = fc.record({ address: fc.ipV4(), port: ports });
const ipv6 = fc.record({ address: fc.ipV6().map((text) => canonical(text)), port: ports });
const ends = fc.oneof(
  fc.record({ type: fc.constant("addresses" as const), source: ipv4, destination: ipv4 }),
  fc.record({ type: fc.constant("addresses" as const), source: ipv6, destination: ipv6 }),
  fc.record({ type: fc.constant("addresses" as const), source: ipv4, destination: ipv6 }),
  fc.constant({ type: "own" as const }),
);
const words = fc.option(fc.stringMatching(/^[!-~]{1,40}$/), { nil: undefined });
const tls = fc.record({
  protocol: words,
  cipher: words,
  isClientVerified: fc.boolean(),
  clientCommonName: fc.option(fc.string({ unit: "grapheme", maxLength: 20 }), { nil: undefined }),
});
const heads: fc.Arbitrary<ProxyHead> = fc.oneof(
  fc.record({
    version: fc.constant(1 as const),
    ends,
    tls: fc.constant(undefined),
    alpnProtocol: fc.constant(undefined),
    authority: fc.constant(undefined),
    uniqueId: fc.constant(undefined),
  }),
  fc.record({
    version: fc.constant(2 as const),
    ends: fc.oneof(ends, fc.constant({ type: "unix" as const })),
    tls: fc.option(tls, { nil: undefined }),
    alpnProtocol: words,
    authority: words,
    uniqueId: fc.option(fc.uint8Array({ minLength: 1, maxLength: 128 }), { nil: undefined }),
  }),
);

/** As the URL parser writes it; what is mapped would come back as IPv4. */
function canonical(text: string): string {
  const address = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  return address.startsWith("::ffff:") ? "::1" : address;
}

function addresses(source: readonly [string, number], destination: readonly [string, number]): ProxyHead["ends"] {
  return { type: "addresses", source: end(source), destination: end(destination) };
}

function end([address, port]: readonly [string, number]): { readonly address: string; readonly port: number } {
  return { address, port };
}

function hex(text: string): Buffer {
  return Buffer.from(text, "hex");
}

function headOf(text: string): ProxyHead | undefined {
  const reading = readProxyHead(hex(text));
  return reading.type === "head" ? reading.head : undefined;
}
