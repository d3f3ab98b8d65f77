import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isCodedError, ProtocolError } from "@fairlead/core";
import { Response as UndiciResponse } from "undici";
import { answerByFetch, LeanResponse, upgradeResponse } from "../../src/fetch/index.ts";
import type { FetchHandler } from "../../src/index.ts";
import { FakeContent, fakeContext, FakeExchange, type FakeRequest } from "./fake-exchange.ts";

async function answered(fetch: FetchHandler, request: FakeRequest = {}): Promise<FakeExchange & { errors: unknown[] }> {
  const errors: unknown[] = [];
  const exchange = Object.assign(new FakeExchange(request), { errors });
  answerByFetch(fetch, { context: fakeContext, onError: (error) => errors.push(error) })(exchange);
  await exchange.ended;
  return exchange;
}

/** What a handler in JavaScript may do, and TypeScript does not allow. */
const giving = (value: unknown): FetchHandler => (() => value) as FetchHandler;

const codeOf = (error: unknown): string | undefined => (isCodedError(error) ? error.code : undefined);

describe("answerByFetch", () => {
  it("sends the runtime's Response, each Set-Cookie as a field of its own", async () => {
    const answer = await answered(() => {
      const response = new Response("hello", { status: 201, headers: { "X-One": "1" } });
      response.headers.append("set-cookie", "a=1");
      response.headers.append("set-cookie", "b=2");
      return response;
    });
    assert.deepEqual([answer.status, answer.content], [201, "hello"]);
    assert.deepEqual(answer.field("set-cookie"), ["a=1", "b=2"]);
    assert.deepEqual(answer.field("x-one"), ["1"]);
  });

  it("sends undici's Response, and a LeanResponse, by a promise as well", async () => {
    const undici = await answered(giving(new UndiciResponse("theirs")));
    assert.equal(undici.content, "theirs");
    const lean = await answered(() => Promise.resolve(LeanResponse.json({ a: 1 }, { status: 202 })));
    assert.deepEqual([lean.status, lean.content, lean.field("content-type")], [202, '{"a":1}', ["application/json"]]);
  });

  it("leaves out what frameworks say about the connection", async () => {
    const headers = { connection: "keep-alive", "transfer-encoding": "chunked", "x-one": "1" };
    const { fields } = await answered(() => new Response(null, { headers }));
    assert.deepEqual(fields, ["x-one", "1"]);
  });

  it("answers a handler that throws with 500 and nothing of the error, and tells it once with the request", async () => {
    for (const handler of [
      () => {
        throw new Error("secret");
      },
      () => Promise.reject(new Error("secret")),
    ]) {
      const { status, content, errors } = await answered(handler);
      assert.equal(status, 500);
      assert.equal(content, "Internal Server Error");
      assert.deepEqual(errors.map(String), ["Error: secret"]);
    }
  });

  for (const [name, value] of [
    ["nothing", undefined],
    ["null", null],
    ["text", "hello"],
    ["an object that is no Response", {}],
    ["Response.error()", Response.error()],
    ["a Response whose body is locked", lockedResponse()],
    ["a Response with a field that cannot be sent", new LeanResponse("a", { fields: ["a", "b\r\nc: d"] })],
    ["a body that fails before its head", new LeanResponse(new FakeContent(), { fields: ["a", "b\r\nc: d"] })],
  ] as const) {
    it(`answers ${name} with 500, and says so once`, async () => {
      const { status, errors } = await answered(giving(value));
      assert.equal(status, 500);
      assert.equal(errors.length, 1);
    });
  }

  it("tells what is no response, or one that was used, by RESPONSE_UNUSABLE", async () => {
    for (const value of [undefined, "hello", {}, lockedResponse()]) {
      const { errors } = await answered(giving(value));
      assert.deepEqual(errors.map(codeOf), ["RESPONSE_UNUSABLE"]);
    }
  });

  it("cuts an answer whose content fails behind its head", async () => {
    const { status, content, isComplete, abortion, errors } = await answered(
      () => new LeanResponse(new FakeContent("some".repeat(30_000), new Error("broken"))),
    );
    assert.deepEqual([status, content.length, isComplete], [200, 120_000, false]);
    assert.equal(String(abortion), "Error: broken");
    assert.equal(errors.length, 1);
  });

  it("cancels the content when the client leaves, which is no error", async () => {
    const left = Promise.withResolvers<unknown>();
    const exchange = new FakeExchange();
    const errors: unknown[] = [];
    const body = new ReadableStream({ cancel: left.resolve });
    answerByFetch(() => new Response(body), { context: fakeContext, onError: (error) => errors.push(error) })(exchange);
    exchange.leave();
    assert.match(String(await left.promise), /client left/);
    assert.deepEqual(errors, []);
  });

  it("reads no faster than the client takes", async () => {
    const large = "x".repeat(70_000);
    const content = new FakeContent(large, "b", "c", "d");
    const exchange = new FakeExchange({ room: 2 });
    answerByFetch(() => new LeanResponse(content), { context: fakeContext, onError: assert.ifError })(exchange);
    await new Promise(setImmediate);
    assert.deepEqual([exchange.content, content.reads], [`${large}b`, 2]);
    exchange.take(1);
    await new Promise(setImmediate);
    assert.equal(exchange.content, `${large}bc`);
    exchange.take(9);
    await exchange.ended;
    assert.deepEqual([exchange.content, exchange.isComplete], [`${large}bcd`, true]);
  });

  it("sends what is there already in one piece, with its length, and a failure of it as 500", async () => {
    const whole = await answered(() => new Response(ReadableStream.from([Buffer.from("some "), Buffer.from("text")])));
    assert.deepEqual([whole.content, whole.wasWhole], ["some text", true]);
    const failed = await answered(() => new LeanResponse(new FakeContent("some", new Error("broken"))));
    assert.deepEqual([failed.status, failed.errors.length], [500, 1]);
  });

  it("sends the head of content that is waited for at once", async () => {
    const exchange = new FakeExchange();
    const waiting = new ReadableStream();
    answerByFetch(() => new Response(waiting), { context: fakeContext, onError: assert.ifError })(exchange);
    await new Promise(setImmediate);
    assert.deepEqual([exchange.status, exchange.wasWhole, exchange.isComplete], [200, false, false]);
    exchange.leave();
  });

  it("answers HEAD by the response to GET without its content", async () => {
    const content = new FakeContent("never sent");
    const streamed = await answered(() => new LeanResponse(content), { method: "HEAD" });
    assert.deepEqual([streamed.status, streamed.content, streamed.isComplete], [200, "", true]);
    assert.equal(content.reads, 0);
    assert.equal(content.cancelled.length, 1);
  });

  it("sends trailers, those of a function when the content has ended", async () => {
    let octets = 0;
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      for (const piece of ["one", "two"]) {
        octets += piece.length;
        yield await Promise.resolve(Buffer.from(piece));
      }
    };
    const { content, trailers } = await answered(
      () => new LeanResponse(pieces(), { trailers: () => ["octets", String(octets)] }),
    );
    assert.deepEqual([content, trailers], ["onetwo", ["octets", "6"]]);
    const text = await answered(() => new LeanResponse("text", { trailers: ["a", "b"] }));
    assert.deepEqual([text.content, text.trailers], ["text", ["a", "b"]]);
  });

  it("hands the connection over for an upgrade", async () => {
    let given: unknown;
    const { status, fields } = await answered(() => upgradeResponse(["a", "b"], (stream) => (given = stream)));
    assert.deepEqual([status, fields], [101, ["a", "b"]]);
    assert.ok(given);
  });

  for (const authority of ["a b", "a/b", "user@a.example", "a.example:99999", "[::1", "a.example:x", "a?b", "a#b"]) {
    it(`answers a Host ${authority}, which makes no URL, with 400`, async () => {
      const { status, errors } = await answered(() => new Response(), { authority });
      assert.equal(status, 400);
      assert.deepEqual(errors, []);
    });
  }

  for (const [code, status] of [
    ["REQUEST_BODY_TOO_LARGE", 413],
    ["REQUEST_MALFORMED", 400],
  ] as const) {
    it(`answers a request whose content is ${code} with ${String(status)}, whatever a framework makes of it`, async () => {
      const request = { method: "POST", body: new FakeContent("some", new ProtocolError(code)) };
      const plain = await answered(async (given) => new Response(await given.text()), request);
      assert.deepEqual([plain.status, plain.errors], [status, []]);
      const body = new FakeContent("some", new ProtocolError(code));
      const framework = await answered(
        async (given) =>
          given.text().then(
            (text) => new Response(text),
            () => new Response("oh", { status: 500 }),
          ),
        { method: "POST", body },
      );
      assert.deepEqual([framework.status, framework.errors], [status, []]);
    });
  }
});

function lockedResponse(): Response {
  const response = new Response("locked");
  response.body?.getReader();
  return response;
}
