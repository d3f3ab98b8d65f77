import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { HpackDecoder, HpackError } from "../../src/h2/hpack/decoder.ts";
import { HpackEncoder } from "../../src/h2/hpack/encoder.ts";
import { decodeHuffman, encodeHuffman, huffmanLength } from "../../src/h2/hpack/huffman.ts";
import { Octets } from "../../src/h2/octets.ts";

const LIMIT = 1_000_000;
const bytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(" ", ""), "hex");
const decodeAll = (decoder: HpackDecoder, ...blocks: readonly string[]): readonly string[][] =>
  blocks.map((block) => decoder.decode(bytes(block), LIMIT).fields);

const encode = (encoder: HpackEncoder, fields: readonly string[]): Uint8Array => {
  const octets = new Octets();
  for (let index = 0; index < fields.length; index += 2) {
    encoder.encode(fields[index] ?? "", fields[index + 1] ?? "", octets);
  }
  return octets.take();
};

const REQUESTS = [
  [":method", "GET", ":scheme", "http", ":path", "/", ":authority", "www.example.com"],
  [":method", "GET", ":scheme", "http", ":path", "/", ":authority", "www.example.com", "cache-control", "no-cache"],
  // prettier-ignore
  [
    ":method",
    "GET",
    ":scheme",
    "https",
    ":path",
    "/index.html",
    ":authority",
    "www.example.com",
    "custom-key",
    "custom-value",
  ],
];

const RESPONSES = [
  ["302", "private", "Mon, 21 Oct 2013 20:13:21 GMT", "https://www.example.com"],
  ["307", "private", "Mon, 21 Oct 2013 20:13:21 GMT", "https://www.example.com"],
].map(([status = "", control = "", date = "", location = ""]) => [
  ":status",
  status,
  "cache-control",
  control,
  "date",
  date,
  "location",
  location,
]);

describe("HPACK decodes what RFC 7541 gives as examples", () => {
  test("C.2.1 to C.2.4: each representation", () => {
    const decoder = new HpackDecoder();
    assert.deepEqual(
      decodeAll(
        decoder,
        "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572",
        "040c 2f73 616d 706c 652f 7061 7468",
        "1008 7061 7373 776f 7264 0673 6563 7265 74",
        "82",
      ),
      [
        ["custom-key", "custom-header"],
        [":path", "/sample/path"],
        ["password", "secret"],
        [":method", "GET"],
      ],
    );
  });

  test("C.3: requests without Huffman code", () => {
    assert.deepEqual(
      decodeAll(
        new HpackDecoder(),
        "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        "8286 84be 5808 6e6f 2d63 6163 6865",
        "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
      ),
      REQUESTS,
    );
  });

  test("C.4: requests with Huffman code", () => {
    assert.deepEqual(
      decodeAll(
        new HpackDecoder(),
        "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
        "8286 84be 5886 a8eb 1064 9cbf",
        "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
      ),
      REQUESTS,
    );
  });

  test("C.6: responses with Huffman code, which evict one another from a table of 256 octets", () => {
    assert.deepEqual(
      decodeAll(
        new HpackDecoder(256),
        "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
        "4883 640e ffc1 c0bf",
        "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
      ),
      [
        ...RESPONSES,
        [
          ":status",
          "200",
          "cache-control",
          "private",
          "date",
          "Mon, 21 Oct 2013 20:13:22 GMT",
          "location",
          "https://www.example.com",
          "content-encoding",
          "gzip",
          "set-cookie",
          "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
        ],
      ],
    );
  });
});

describe("HPACK encodes", () => {
  test("C.4 to the octet, but for the path, which is in no table", () => {
    const encoder = new HpackEncoder();
    const blocks = REQUESTS.map((fields) => Buffer.from(encode(encoder, fields)).toString("hex"));
    assert.deepEqual(blocks, [
      "828684418cf1e3c2e5f23a6ba0ab90f4ff",
      "828684be5886a8eb10649cbf",
      "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
    ]);
  });

  test("secrets in no table, and marked as never to be in one (section 7.1.3)", () => {
    const encoder = new HpackEncoder();
    const fields = ["authorization", "Basic YTpi", "cookie", "sid=1"];
    const [first, second] = [encode(encoder, fields), encode(encoder, fields)];
    assert.deepEqual(first, second);
    assert.equal((first[0] ?? 0) & 0xf0, 0x10);
    assert.deepEqual(new HpackDecoder().decode(first, LIMIT).fields, fields);
  });

  const octet = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
  const name = fc.constantFrom("a", "x-long-name-of-a-field", ":path", "cookie", "server", "accept", "b".repeat(100));
  const value = fc.oneof(
    fc.constantFrom("", "1", "gzip, deflate", "x".repeat(1_500)),
    fc.string({ unit: octet, maxLength: 60 }),
  );
  const block = fc.array(fc.tuple(name, value), { maxLength: 12 }).map((fields) => fields.flat());
  const step = fc.oneof(block, fc.constantFrom(0, 32, 100, 300, 4_096, 65_536));

  test("what its own decoder reads, over many blocks and sizes of the table", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const encoder = new HpackEncoder();
        const decoder = new HpackDecoder();
        for (const one of steps) {
          if (typeof one === "number") encoder.limitTable(one);
          else assert.deepEqual(decoder.decode(encode(encoder, one), LIMIT).fields, one);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("Huffman code for every octet", () => {
    fc.assert(
      fc.property(fc.string({ unit: octet, maxLength: 100 }), (text) => {
        const coded = new Uint8Array(huffmanLength(text));
        encodeHuffman(text, coded, 0);
        assert.equal(decodeHuffman(coded, 0, coded.length), text);
      }),
    );
  });
});

describe("HPACK refuses", () => {
  for (const [why, block] of [
    ["an index of 0", "80"],
    ["an index beyond the tables", "be"],
    ["the name of an entry that is not there", "7e 01 61"],
    ["a number that never ends", "ff ff ff ff ff ff ff ff ff 01"],
    ["a number that is too large", "ff 80 80 80 80 7f"],
    ["a string beyond its block", "40 05 61"],
    ["a block that ends before a value", "40 01 61"],
    ["a table larger than allowed", "3f e2 1f"],
    ["a new size of the table after a field", "82 20"],
    ["padding of a whole octet (section 5.2)", "40 82 1f ff 01 61"],
    ["padding that is not all ones (section 5.2)", "40 81 18 01 61"],
    ["the end of the string within it (section 5.2)", "40 84 ff ff ff ff 01 61"],
  ] as const) {
    test(why, () => {
      assert.throws(() => new HpackDecoder().decode(bytes(block), LIMIT), HpackError);
    });
  }

  test("nothing but with its own error, whatever comes", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 5 }), (blocks) => {
        const decoder = new HpackDecoder();
        try {
          for (const block of blocks) decoder.decode(block, 200);
        } catch (error) {
          assert.ok(error instanceof HpackError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("no fields beyond the limit, but keeps its table right (RFC 9113 section 10.5.1)", () => {
    const encoder = new HpackEncoder();
    const decoder = new HpackDecoder();
    const { fields, isOverLimit } = decoder.decode(encode(encoder, ["a", "1", "b", "2", "c", "3"]), 70);
    assert.deepEqual(fields, ["a", "1", "b", "2"]);
    assert.ok(isOverLimit);
    const again = decoder.decode(encode(encoder, ["c", "3"]), 70);
    assert.deepEqual([again.fields, again.isOverLimit], [["c", "3"], false]);
  });
});
