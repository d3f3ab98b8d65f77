import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  checkServerHandshake,
  chooseDeflate,
  type DeflateParameters,
  type DeflateWishes,
  formatClientHandshake,
  formatServerHandshake,
  parseExtensions,
} from "@fairlead/http/websocket";
import fc from "fast-check";

const SEED = 20_261_121;
const plain: DeflateParameters = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};

describe("Sec-WebSocket-Extensions (RFC 6455 section 9.1)", () => {
  const a = { name: "a", parameters: [] };
  const accepted: readonly (readonly [string, unknown])[] = [
    ["", []],
    ["a", [a]],
    [" a ,b", [a, { name: "b", parameters: [] }]],
    ["a,,, a,", [a, a]],
    ["a; x", [{ name: "a", parameters: [{ name: "x", value: undefined }] }]],
    [
      "a;x=1 ; y = 2",
      [
        {
          name: "a",
          parameters: [
            { name: "x", value: "1" },
            { name: "y", value: "2" },
          ],
        },
      ],
    ],
    ['a; x="1"', [{ name: "a", parameters: [{ name: "x", value: "1" }] }]],
    ['a; x="\\1\\2"', [{ name: "a", parameters: [{ name: "x", value: "12" }] }]],
    [
      "a; x=1, b; x=2",
      [
        { name: "a", parameters: [{ name: "x", value: "1" }] },
        { name: "b", parameters: [{ name: "x", value: "2" }] },
      ],
    ],
  ];
  for (const [value, extensions] of accepted) {
    test(`may be ${JSON.stringify(value)}`, () => {
      assert.deepEqual(parseExtensions(value), extensions);
    });
  }

  for (const value of [
    "a;",
    "a;;x",
    "a=1",
    "a; =1",
    "a; x=",
    'a; x="',
    'a; x=""',
    'a; x="1 2"',
    'a; x="1"2',
    "a b",
    "a; x y",
    "ä",
    "a/b",
    "a; x=1=2",
    'a; "x"',
    "a,".repeat(65),
    `a${";x".repeat(65)}`,
  ]) {
    test(`must not be ${JSON.stringify(value.slice(0, 30))}`, () => {
      assert.equal(parseExtensions(value), undefined);
    });
  }

  test("is read or refused, whatever it holds, and at once", () => {
    const part = fc.constantFrom("a", ";", ",", "=", '"', "\\", " ", "\t", "permessage-deflate", "x=1", "é");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 200, size: "max" }), (parts) => {
        parseExtensions(parts.join(""));
      }),
      { numRuns: 2_000, seed: SEED },
    );
  });
});

describe("a server's choice of compression (RFC 7692 section 7.1)", () => {
  const choose = (offers: string, wishes: DeflateWishes = {}): readonly [string, DeflateParameters] | undefined => {
    const answer = chooseDeflate(offers, wishes);
    if (answer === undefined) return undefined;
    const fields = Object.fromEntries(formatServerHandshake({ deflate: answer }, { carrier: "h2" }));
    return [fields["sec-websocket-extensions"] ?? "", answer.agreed];
  };

  const chosen: readonly (readonly [string, DeflateWishes, string, Partial<DeflateParameters>])[] = [
    ["permessage-deflate", {}, "permessage-deflate", {}],
    ["x-other, permessage-deflate", {}, "permessage-deflate", {}],
    ["permessage-deflate; client_max_window_bits", {}, "permessage-deflate", {}],
    [
      "permessage-deflate; client_max_window_bits",
      { clientMaxWindowBits: 10 },
      "permessage-deflate; client_max_window_bits=10",
      { clientMaxWindowBits: 10 },
    ],
    ["permessage-deflate", { clientMaxWindowBits: 10 }, "permessage-deflate", {}],
    [
      "permessage-deflate; client_max_window_bits=9",
      { clientMaxWindowBits: 10 },
      "permessage-deflate; client_max_window_bits=9",
      { clientMaxWindowBits: 9 },
    ],
    [
      "permessage-deflate; server_max_window_bits=12",
      {},
      "permessage-deflate; server_max_window_bits=12",
      { serverMaxWindowBits: 12 },
    ],
    [
      "permessage-deflate; server_max_window_bits=12",
      { serverMaxWindowBits: 9 },
      "permessage-deflate; server_max_window_bits=9",
      { serverMaxWindowBits: 9 },
    ],
    [
      "permessage-deflate",
      { serverMaxWindowBits: 9 },
      "permessage-deflate; server_max_window_bits=9",
      { serverMaxWindowBits: 9 },
    ],
    [
      "permessage-deflate; server_no_context_takeover",
      {},
      "permessage-deflate; server_no_context_takeover",
      { serverNoContextTakeover: true },
    ],
    [
      "permessage-deflate; client_no_context_takeover",
      {},
      "permessage-deflate; client_no_context_takeover",
      { clientNoContextTakeover: true },
    ],
    [
      "permessage-deflate",
      { clientNoContextTakeover: true, serverNoContextTakeover: true },
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
      { clientNoContextTakeover: true, serverNoContextTakeover: true },
    ],
    [
      "permessage-deflate; unknown, permessage-deflate; server_max_window_bits=16, permessage-deflate",
      {},
      "permessage-deflate",
      {},
    ],
    [
      'permessage-deflate; server_max_window_bits="10"',
      {},
      "permessage-deflate; server_max_window_bits=10",
      { serverMaxWindowBits: 10 },
    ],
  ];
  for (const [offers, wishes, answer, agreed] of chosen) {
    test(`of ${offers}${Object.keys(wishes).length === 0 ? "" : ` by ${JSON.stringify(wishes)}`} is ${answer}`, () => {
      assert.deepEqual(choose(offers, wishes), [answer, { ...plain, ...agreed }]);
    });
  }

  for (const parameters of [
    "unknown",
    "server_max_window_bits",
    "server_max_window_bits=7",
    "server_max_window_bits=16",
    "server_max_window_bits=08",
    "server_max_window_bits=+8",
    "client_max_window_bits=7",
    "client_max_window_bits=010",
    "server_no_context_takeover=1",
    "client_no_context_takeover=true",
    "server_no_context_takeover; server_no_context_takeover",
    "server_max_window_bits=10; server_max_window_bits=10",
    "SERVER_NO_CONTEXT_TAKEOVER",
  ]) {
    test(`declines ${parameters}`, () => {
      assert.equal(choose(`permessage-deflate; ${parameters}`), undefined);
    });
  }
});

describe("a client's check of the answer (RFC 7692 section 7.1)", () => {
  const check = (answer: string, deflate: DeflateWishes = {}): ReturnType<typeof checkServerHandshake> =>
    checkServerHandshake(
      { status: 200, fields: { "sec-websocket-extensions": answer } },
      { deflate },
      { carrier: "h2" },
    );

  const refused: readonly (readonly [string, DeflateWishes])[] = [
    ["unknown", {}],
    ["server_max_window_bits", {}],
    ["server_max_window_bits=7", {}],
    ["server_max_window_bits=16", {}],
    ["client_max_window_bits", {}],
    ["client_max_window_bits=16", {}],
    ["server_no_context_takeover=1", {}],
    ["server_no_context_takeover; server_no_context_takeover", {}],
    ["server_max_window_bits=12", { serverMaxWindowBits: 10 }],
    ["client_no_context_takeover", { serverMaxWindowBits: 10 }],
    ["client_max_window_bits=12", { clientMaxWindowBits: 10 }],
    ["client_no_context_takeover", { serverNoContextTakeover: true }],
  ];
  for (const [parameters, wishes] of refused) {
    test(`refuses ${parameters} behind ${JSON.stringify(wishes)}`, () => {
      assert.equal(check(`permessage-deflate; ${parameters}`, wishes).type, "invalid");
    });
  }

  test("keeps to what it said of itself where the server says nothing", () => {
    const wishes = { clientMaxWindowBits: 10, clientNoContextTakeover: true };
    const result = check("permessage-deflate", wishes);
    assert.ok(result.type === "open");
    assert.deepEqual(result.deflate, { ...plain, ...wishes });
  });

  test("comes to the same as the server's choice, whatever either wishes", () => {
    const bits = fc.option(fc.integer({ min: 8, max: 15 }), { nil: undefined });
    const flag = fc.option(fc.boolean(), { nil: undefined });
    const wishes = fc.record({
      serverNoContextTakeover: flag,
      clientNoContextTakeover: flag,
      serverMaxWindowBits: bits,
      clientMaxWindowBits: bits,
    });
    fc.assert(
      fc.property(wishes, wishes, (client, server) => {
        const offered = Object.fromEntries(formatClientHandshake({ deflate: client }, { carrier: "h2" }));
        const answer = chooseDeflate(offered["sec-websocket-extensions"], server);
        assert.ok(answer !== undefined);
        const fields = Object.fromEntries(formatServerHandshake({ deflate: answer }, { carrier: "h2" }));
        const result = check(fields["sec-websocket-extensions"] ?? "", client);
        assert.ok(result.type === "open");
        assert.deepEqual(result.deflate, answer.agreed);
      }),
      { numRuns: 1_000, seed: SEED },
    );
  });
});
