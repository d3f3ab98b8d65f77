import { openNetworkAccessManager, transactionOf } from "@fairlead/access";
import { PolicyError, UsageError } from "@fairlead/core";
import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rejection } from "../rejection.ts";

/** What the runtime's fetch, and ours and request make of a URL: type and bytes, or nothing. */
async function verdicts(url: string): Promise<readonly [runtime: string, fetch: string, request: string]> {
  const verdict = async (
    ask: () => Promise<readonly [type: string, body: ArrayBuffer | Uint8Array]>,
  ): Promise<string> => {
    try {
      const [type, body] = await ask();
      return `${type} ${Buffer.from(body as Uint8Array).toString("hex")}`;
    } catch (error) {
      return error instanceof TypeError ? "refused" : String(error);
    }
  };
  const fetched = async (response: Response): Promise<readonly [string, ArrayBuffer]> => [
    response.headers.get("content-type") ?? "",
    await response.arrayBuffer(),
  ];
  await using manager = await openNetworkAccessManager();
  return [
    await verdict(async () => fetched(await fetch(url))),
    await verdict(async () => fetched(await manager.fetch(url))),
    await verdict(async () => {
      const reply = await manager.request(url);
      return [String(reply.headers["content-type"]), await reply.bytes()];
    }),
  ];
}

describe("data: URLs (Fetch Standard section 6)", () => {
  test("are answered to request and fetch as the runtime's own fetch does", async () => {
    const urls = [
      "data:,",
      "data:,hello%20world",
      "data:,a?b",
      "data:,a?",
      "data:,a#b",
      "data:text/html,<p>",
      "data:TEXT/HTML;Charset=UTF-8,x",
      "data:;charset=utf-8,x",
      "data: text/plain ,x",
      "data:text,x",
      "data:text/plain;base64,aGVsbG8=",
      "data:text/plain;base64,aGVsbG8",
      "data:text/plain; base64,aGVs bG8=",
      "data:;base64,aGVsbG8=",
      "data:base64,aGVsbG8=",
      "data:text/plain;base64 ,aGVsbG8=",
      "data:text/plain;BASE64,aGVsbG8%3D",
      "data:text/plain;base64,a",
      "data:text/plain;base64,aGVs*G8=",
      "data:text/plain;base64,aGVsbG8==",
      "data:text/plain;base64;charset=x,aGVsbG8=",
      "data:no-comma",
      "data:",
      "data:,%",
      "data:,%4",
      "data:,%zz%41%e4",
      "data:,ü",
      "DATA:,x",
      'data:image/png;a="b,c",d',
      "data://host/,x",
    ];
    for (const url of urls) {
      const [runtime, fetched, requested] = await verdicts(url);
      assert.equal(fetched, runtime, url);
      assert.equal(requested, runtime, url);
    }
  });

  test("whatever they hold, the runtime's fetch says the same", async () => {
    const part = fc.oneof(
      fc.constantFrom(
        ";",
        ",",
        ";base64",
        "base64",
        "=",
        " ",
        "%20",
        "%3D",
        "/",
        "text",
        "plain",
        "charset",
        "?",
        "%",
        '"',
      ),
      fc.base64String(),
      fc.string({ unit: "binary-ascii" }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
        const url = `data:${parts.join("")}`;
        const [runtime, fetched, requested] = await verdicts(url);
        assert.equal(fetched, runtime);
        assert.equal(requested, runtime);
      }),
      { numRuns: 150 },
    );
  });

  test("the transaction has a hop", async () => {
    await using manager = await openNetworkAccessManager();
    const response = await manager.fetch("data:text/plain,hello#top");
    const [hop] = transactionOf(response)?.hops ?? [];
    assert.equal(await response.text(), "hello");
    assert.deepEqual([response.url, response.type, response.statusText], ["data:text/plain,hello", "basic", "OK"]);
    assert.equal(hop?.reason, "scheme");
    assert.equal(hop.bodyBytes, 5);
    assert.equal((await manager.fetch("data:,x", { method: "HEAD" })).body, null);
  });

  test("one that is too long is refused by name, and a broken one without being quoted", async () => {
    await using manager = await openNetworkAccessManager();
    const long = await rejection(manager.request(`data:,${"x".repeat(64 * 1024 * 1024)}`), PolicyError);
    assert.equal(long.code, "BODY_LIMIT");
    const broken = await rejection(manager.request("data:secret"), UsageError);
    assert.equal(broken.code, "URL_INVALID");
    assert.doesNotMatch(String(broken.stack), /secret/);
  });
});
