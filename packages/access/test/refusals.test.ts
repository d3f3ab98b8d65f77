import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { isCodedError } from "@fairlead/core";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { answering, response, scriptedServer } from "./scripted-server.ts";
import { assertNoSecret, SECRET } from "./typed-failure.ts";

type Ask = (manager: NetworkAccessManager, url: string, fields: Record<string, string>) => Promise<unknown>;

const ways: readonly (readonly [way: string, ask: Ask])[] = [
  ["request", async (manager, url, headers) => (await manager.request(url, { headers })).text()],
  ["fetch", async (manager, url, headers) => (await manager.fetch(url, { headers })).text()],
  [
    "dispatch",
    async (manager, origin, headers) =>
      (await manager.request({ origin, path: "/", method: "GET", headers })).body.text(),
  ],
];

describe("what could become a second request never leaves", () => {
  const fields: Record<string, string>[] = [
    { "x-a": `1\r\n${SECRET}: 2` },
    { "x-a": `1\r\n\r\nGET /${SECRET} HTTP/1.1\r\n\r\n` },
    { "x-a": `1\n${SECRET}` },
    { "x-a": `1\r${SECRET}` },
    { "x-a": `\0${SECRET}` },
    { "x-a": `\u010d\u010a${SECRET}` },
    { [`x-a: ${SECRET}\r\nx-b`]: "1" },
    { "x a": SECRET },
    { "": SECRET },
  ];
  // Fetch leaves these out itself: forbidden request-headers of the standard.
  const framing: Record<string, string>[] = [
    { "transfer-encoding": "chunked" },
    { "Transfer-Encoding": SECRET },
    { "content-length": "5" },
    { "content-length": `5, ${SECRET}` },
    { upgrade: SECRET },
    { "keep-alive": SECRET },
    { connection: `close, ${SECRET}` },
    { expect: "100-continue" },
  ];
  for (const [way, ask] of ways) {
    const table = way === "fetch" ? fields : [...fields, ...framing];
    for (const each of table) {
      const [[name, value] = []] = Object.entries(each);
      test(`by ${way}: ${JSON.stringify(name)}: ${JSON.stringify(value)}`, async () => {
        await using server = await scriptedServer(answering(() => response("answered")));
        await using manager = await openNetworkAccessManager();
        const refused = await ask(manager, server.origin, each).then(
          (body) => assert.fail(String(body)),
          (error: unknown) => error,
        );
        assert.ok(refused instanceof TypeError, String(refused));
        if (way !== "fetch") {
          assert.ok(isCodedError(refused));
          const code = (name ?? "").includes("length") && value === "5" ? "OPTION_INVALID" : "HEADER_INVALID";
          assert.equal(refused.code, code);
          assertNoSecret(refused);
        }
        assert.ok(server.connections.every(({ bytesRead }) => bytesRead === 0));
      });
    }
  }
});

describe("a response that two readers could understand in two ways is refused by name, and so is one too many", () => {
  const ok = "HTTP/1.1 200 OK\r\n";
  const smuggled = `HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled`;
  const table: [what: string, bytes: string, code: string, detail: RegExp][] = [
    [
      "both lengths",
      `${ok}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      "RESPONSE_MALFORMED",
      /both Content-Length and Transfer-Encoding/,
    ],
    [
      "two lengths",
      `${ok}Content-Length: 0\r\nContent-Length: 70\r\n\r\n`,
      "RESPONSE_MALFORMED",
      /different values of Content-Length/,
    ],
    [
      "a length with a sign",
      `${ok}Content-Length: +4\r\n\r\nbody`,
      "RESPONSE_MALFORMED",
      /an impossible Content-Length/,
    ],
    [
      "a coding behind chunked",
      `${ok}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
      "RESPONSE_MALFORMED",
      /a transfer coding that nobody asked for/,
    ],
    [
      "chunked twice",
      `${ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      "RESPONSE_MALFORMED",
      /a transfer coding that nobody asked for/,
    ],
    [
      "a bare CR",
      `${ok}X-A: 1\rContent-Length: 0\r\n\r\n`,
      "RESPONSE_MALFORMED",
      /a carriage return without a line feed/,
    ],
    [
      "a bare LF",
      `${ok}X-A: 1\nContent-Length: 0\r\n\r\n`,
      "RESPONSE_MALFORMED",
      /a line feed without a carriage return/,
    ],
    ["obs-fold", `${ok}X-A: 1\r\n Content-Length: 0\r\n\r\n`, "RESPONSE_MALFORMED", /a folded field line/],
    ["a space before a colon", `${ok}Content-Length : 0\r\n\r\n`, "RESPONSE_MALFORMED", /whitespace before a colon/],
    ["a NUL", `${ok}X-A: \0\r\n\r\n`, "RESPONSE_MALFORMED", /a NUL character/],
    [
      "a chunk size with 0x",
      `${ok}Transfer-Encoding: chunked\r\n\r\n0x4\r\nbody\r\n0\r\n\r\n`,
      "RESPONSE_MALFORMED",
      /a chunk size that is no hexadecimal number/,
    ],
    [
      "a chunk that ends with LF",
      `${ok}Transfer-Encoding: chunked\r\n\r\n4\r\nbody\n0\r\n\r\n`,
      "RESPONSE_MALFORMED",
      /a chunk that is longer than its size/,
    ],
    ["a head of 70 KiB", `${ok}X-A: ${"x".repeat(70_000)}\r\n\r\n`, "RESPONSE_HEADERS_TOO_LARGE", /limit/],
    ["a head without an end", `${ok}${"X-A: 1\r\n".repeat(10_000)}`, "RESPONSE_HEADERS_TOO_LARGE", /limit/],
    ["1,001 fields", `${ok}${"X-A: 1\r\n".repeat(1_001)}\r\n`, "RESPONSE_HEADERS_TOO_LARGE", /more than 1000 fields/],
    [
      "chunk extensions without an end",
      `${ok}Transfer-Encoding: chunked\r\n\r\n4;${"x".repeat(20_000)}`,
      "RESPONSE_MALFORMED",
      /chunk extensions/,
    ],
    [
      "trailers of 20 KiB",
      `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\nX-A: ${"x".repeat(20_000)}\r\n\r\n`,
      "RESPONSE_HEADERS_TOO_LARGE",
      /limit/,
    ],
  ];
  for (const [what, bytes, code, detail] of table) {
    test(what, async () => {
      await using server = await scriptedServer(answering(() => bytes));
      await using manager = await openNetworkAccessManager();
      for (const [way, ask] of ways) {
        if (way !== "dispatch") await assert.rejects(ask(manager, server.origin, {}), { code, message: detail }, way);
        else await assert.rejects(ask(manager, server.origin, {}), `${way} took it`);
      }
    });
  }

  test("what comes after a response is the answer to nothing", async () => {
    await using server = await scriptedServer(
      answering((target) => (target === "/1" ? response("first") + smuggled : response("second"))),
    );
    await using manager = await openNetworkAccessManager({ connectionsPerOrigin: 1 });
    for (const [target, expected] of [
      ["/1", "first"],
      ["/2", "second"],
      ["/1", "first"],
      ["/2", "second"],
    ] as const) {
      assert.equal(await (await manager.request(server.origin + target)).text(), expected);
    }
    assert.equal(server.connections.length, 3);
  });
});
