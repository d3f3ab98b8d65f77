import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { answerByFetch, exchangeOf, requestContent } from "../../src/fetch/index.ts";
import { FakeContent, fakeContext, FakeExchange, type FakeRequest } from "./fake-exchange.ts";

/** The request that a handler is given. */
async function given(request: FakeRequest = {}): Promise<Request> {
  const seen = Promise.withResolvers<Request>();
  const handler = (one: Request): Response => {
    seen.resolve(one);
    return new Response();
  };
  answerByFetch(handler, { context: fakeContext, onError: assert.ifError })(new FakeExchange(request));
  return seen.promise;
}

const post = (...pieces: string[]): FakeRequest => ({ method: "POST", body: new FakeContent(...pieces) });

describe("the request of a handler", () => {
  it("is a Request, whose rarer properties are those of any", async () => {
    const request = await given();
    assert.ok(request instanceof Request);
    const other = new Request("http://a.example/");
    for (const name of ["cache", "credentials", "destination", "mode", "redirect", "referrer", "duplex"] as const) {
      assert.equal(request[name], other[name]);
    }
    assert.equal(Object.prototype.toString.call(request), "[object Request]");
  });

  for (const [path, url] of [
    ["/a/../b?c=d", "http://a.example/b?c=d"],
    ["/a/%2e%2E/b", "http://a.example/b"],
    ["/.../.a/b..", "http://a.example/.../.a/b.."],
    ["//b.example/c", "http://a.example//b.example/c"],
    ["/a\\b", "http://a.example/a/b"],
    ["/a b'\"?c'", "http://a.example/a%20b'%22?c%27"],
    ["/?a=/../b", "http://a.example/?a=/../b"],
    ["/a#b", "http://a.example/a"],
    ["*", "http://a.example/"],
  ]) {
    it(`has the URL that the standard makes of the path ${String(path)}`, async () => {
      const request = await given({ path: path ?? "" });
      assert.equal(request.url, url);
      assert.equal(new URL(request.url).href, url);
    });
  }

  it("has its origin by the Host, in whatever spelling, or where it arrived", async () => {
    assert.equal((await given({ authority: "A.Example:80" })).url, "http://a.example/");
    assert.equal((await given({ authority: "[::1]:81" })).url, "http://[::1]:81/");
    assert.equal((await given({ authority: "", version: "1.0" })).url, "http://192.0.2.2:8080/");
  });

  it("has its content in every form, once", async () => {
    assert.equal(await (await given(post("\uFEFFa", "ä"))).text(), "aä");
    assert.deepEqual(await (await given(post('{"a":', "1}"))).json(), { a: 1 });
    assert.deepEqual([...(await (await given(post("a", "b"))).bytes())], [97, 98]);
    assert.equal((await (await given(post("abc"))).arrayBuffer()).byteLength, 3);
    const request = await given({ ...post("a=1"), fields: ["content-type", "application/x-www-form-urlencoded"] });
    const copy = request.clone();
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    assert.equal((await request.formData()).get("a"), "1");
    assert.equal(request.bodyUsed, true);
    await assert.rejects(request.text(), TypeError);
    assert.equal(await (await copy.blob()).text(), "a=1");
  });

  it("has no body with GET, as no Request has", async () => {
    const request = await given({ body: new FakeContent("ignored") });
    assert.equal(request.body, null);
    assert.equal(new Request(request).body, null);
    assert.equal(await request.text(), "");
  });

  it("is taken by new Request, with its content, signal and fields, by a class derived of it too", async () => {
    const request = await given({ ...post("text"), fields: ["x-one", "1"] });
    const changed = new Request(request, { headers: { "x-two": "2" } });
    assert.deepEqual([changed.method, changed.headers.get("x-one"), await changed.text()], ["POST", null, "text"]);
    class Derived extends Request {}
    const derived = new Derived(await given({ fields: ["x-one", "1"] }));
    assert.ok(derived instanceof Derived && derived instanceof Request);
    assert.equal(derived.headers.get("x-one"), "1");
  });

  it("reads nothing before it is asked, and no further than it is asked", async () => {
    const body = new FakeContent("a", "b", "c");
    const request = await given({ method: "POST", body });
    const reader = request.body?.getReader();
    assert.equal(body.reads, 0);
    await reader?.read();
    assert.equal(body.reads, 1);
    await reader?.cancel("enough");
    assert.deepEqual(body.cancelled, ["enough"]);
  });

  it("stands for its exchange, and a clone does not", async () => {
    const request = await given(post("text"));
    assert.equal(exchangeOf(request)?.head.method, "POST");
    assert.equal(exchangeOf(request.clone()), undefined);
    assert.equal(exchangeOf(new Request("http://a.example/")), undefined);
  });

  it("gives its content to who passes it on, whoever made it, once", async () => {
    for (const request of [await given(post("text")), new Request("http://a", { method: "POST", body: "text" })]) {
      const content = requestContent(request);
      assert.equal(Buffer.from((await content?.read()) ?? []).toString(), "text");
      assert.equal(await content?.read(), undefined);
      assert.equal(request.bodyUsed, true);
      assert.throws(() => requestContent(request));
    }
  });
});
