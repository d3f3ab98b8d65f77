import { FetchError, openNetworkAccessManager, transactionOf } from "@fairlead/access";
import { isCodedError } from "@fairlead/core";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "./network-fixture.ts";

const fixture = networkFixture();
const { open } = fixture;
const origin = (): string => fixture.network.https.origin;

interface Echo {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

describe("the arguments of the standard", () => {
  test("a string, a URL and the runtime's own Request mean the same", async () => {
    await using manager = await open();
    const url = `${origin()}/echo?x=1`;
    for (const input of [url, new URL(url), new Request(url)]) {
      const response = await manager.fetch(input);
      assert.equal(response.status, 200);
      assert.equal(response.url, url);
      assert.equal(((await response.json()) as Echo).method, "GET");
    }
  });

  test("a Request brings method, fields, body and signal along", async () => {
    await using manager = await open();
    const headers = new Headers([["x-a", "1"]]);
    const request = new Request(`${origin()}/echo`, { method: "POST", headers, body: "the body" });
    const echo = (await (await manager.fetch(request)).json()) as Echo;
    assert.equal(echo.method, "POST");
    assert.equal(fixture.network.requests.at(-1)?.headers["x-a"], "1");
    assert.equal(fixture.network.requests.at(-1)?.body.sizeBytes, 8);

    const controller = new AbortController();
    const aborted = manager.fetch(new Request(`${origin()}/stall/response`, { signal: controller.signal }));
    await fixture.network.waitForRequest(({ target }) => target === "/stall/response");
    controller.abort(new RangeError("enough"));
    await assert.rejects(aborted, { message: "enough" });
  });

  const form = new FormData();
  form.append("field", "value");
  form.append("file", new File(["content"], "name.txt", { type: "text/plain" }));
  const bodies: [what: string, body: NonNullable<RequestInit["body"]>, type: RegExp, contains: string][] = [
    ["text", "täxt", /^text\/plain;charset=UTF-8$/, "täxt"],
    ["bytes", new TextEncoder().encode("bytes"), /^$/, "bytes"],
    ["a Blob", new Blob(["blob"], { type: "x/y" }), /^x\/y$/, "blob"],
    ["URLSearchParams", new URLSearchParams({ a: "b c" }), /^application\/x-www-form-urlencoded/, "a=b+c"],
    ["the runtime's own FormData", form, /^multipart\/form-data; boundary=/, 'filename="name.txt"'],
  ];
  for (const [what, body, type, contains] of bodies) {
    test(`a body that is ${what}`, async () => {
      await using manager = await open();
      const response = await manager.fetch(`${origin()}/echo`, { method: "POST", body });
      const text = JSON.stringify(await response.json()).replaceAll('\\"', '"');
      assert.ok(text.includes(contains), text);
      assert.match(String(fixture.network.requests.at(-1)?.headers["content-type"] ?? ""), type);
    });
  }

  test("data: URLs are answered as the standard says", async () => {
    await using manager = await open();
    assert.equal(await (await manager.fetch("data:text/plain,hello")).text(), "hello");
  });
});

describe("what it answers", () => {
  test("is a Response of the runtime's, its body read once in any of its ways", async () => {
    await using manager = await open();
    const ways: [way: string, read: (response: Response) => Promise<unknown>][] = [
      ["text", (response) => response.text()],
      ["json", (response) => response.json()],
      ["bytes", (response) => response.bytes()],
      ["arrayBuffer", (response) => response.arrayBuffer()],
      ["blob", (response) => response.blob()],
    ];
    for (const [way, read] of ways) {
      const response = await manager.fetch(`${origin()}/json`);
      assert.ok(response instanceof Response);
      assert.equal(Object.prototype.toString.call(response), "[object Response]");
      assert.equal(response.constructor, Response);
      assert.equal(response.bodyUsed, false);
      await read(response);
      assert.equal(response.bodyUsed, true, way);
      assert.equal(response.body?.locked, true, way);
      await assert.rejects(read(response), TypeError, way);
      assert.throws(() => response.clone(), TypeError, way);
    }
  });

  test("a redirected response says so, and its transaction has each hop", async () => {
    await using manager = await open();
    const response = await manager.fetch(`${origin()}/redirect/chain/2`);
    assert.equal(response.redirected, true);
    assert.equal(response.url, `${origin()}/redirect/chain/0`);
    await response.text();
    assert.deepEqual(
      transactionOf(response)?.hops.map(({ status, reason }) => [status, reason]),
      [
        [302, "redirect"],
        [302, "redirect"],
        [200, "network"],
      ],
    );
  });

  for (const coding of ["gzip", "br", "zstd", "deflate"]) {
    test(`the content coding ${coding} is undone`, async () => {
      await using manager = await open();
      assert.match(await (await manager.fetch(`${origin()}/compress/${coding}`)).text(), /quick brown fox/);
    });
  }

  test("a response that Fairlead did not give has no transaction", () => {
    assert.equal(transactionOf(new Response()), undefined);
  });
});

describe("failures", () => {
  test("a refused connection is a TypeError, as the standard asks, with code, peer and remedy", async () => {
    await using manager = await open();
    const { port } = fixture.network.service("tcp-close");
    await assert.rejects(manager.fetch(`https://localhost:${String(port)}/`), (error: unknown) => {
      assert.ok(error instanceof TypeError && error instanceof FetchError && isCodedError(error));
      assert.equal(error.code, "TLS_CLOSED_IN_HANDSHAKE");
      assert.equal(error.peer, `localhost:${String(port)}`);
      assert.ok(error.remedy.length > 0);
      return true;
    });
  });

  const refused: [url: string, code: string][] = [
    ["nonsense", "URL_INVALID"],
    ["", "URL_INVALID"],
    ["gopher://host/", "URL_SCHEME_UNKNOWN"],
    ["https://user:s3cr3t@host/", "URL_USER_INFORMATION"],
    ["http://localhost:1/", "URL_PORT_BLOCKED"],
  ];
  for (const [url, code] of refused) {
    test(`${JSON.stringify(url)} is ${code}, and no secret is repeated`, async () => {
      await using manager = await open();
      await assert.rejects(manager.fetch(url), (error: unknown) => {
        assert.ok(error instanceof TypeError && isCodedError(error), String(error));
        assert.equal(error.code, code);
        assert.doesNotMatch(error.message, /s3cr3t/);
        return true;
      });
    });
  }

  test("an aborted fetch rejects with the signal's reason", async () => {
    await using manager = await open();
    await assert.rejects(manager.fetch(`${origin()}/echo`, { signal: AbortSignal.abort(new RangeError("no")) }), {
      message: "no",
    });
  });

  test("after close there are no more fetches", async () => {
    const manager = await openNetworkAccessManager();
    await manager.close();
    await assert.rejects(manager.fetch(`${origin()}/echo`), { code: "MANAGER_CLOSED" });
    await assert.rejects(manager.request(`${origin()}/echo`), { code: "MANAGER_CLOSED" });
  });
});
