import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Http2Server, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { duplexPair, type Duplex } from "node:stream";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import { gatherFields, Http2Client, requestFields, type FlatFields } from "../../src/h2/index.ts";

/** What a request came to. */
interface Outcome {
  readonly status: number;
  readonly fields: Record<string, string | string[]>;
  readonly body: string;
  readonly trailers: Record<string, string | string[]>;
}

describe("a client and the server of node:http2", () => {
  let server: Http2Server;
  /** What the server saw of the latest request, and what it answers. */
  let seen: IncomingHttpHeaders = {};
  let seenBody = "";
  let answer: {
    status: number;
    fields: Record<string, string | string[]>;
    body: string;
    trailers: Record<string, string>;
  };
  const toClose: Duplex[] = [];

  before(() => {
    server = createServer();
    server.on("session", (session) => session.on("error", () => undefined));
    server.on("stream", (stream: ServerHttp2Stream, headers) => {
      seen = headers;
      seenBody = "";
      stream.setEncoding("latin1").on("data", (piece: string) => (seenBody += piece));
      stream.on("end", () => {
        stream.respond({ ":status": answer.status, ...answer.fields }, { waitForTrailers: true });
        stream.on("wantTrailers", () => {
          stream.sendTrailers(answer.trailers);
        });
        stream.end(answer.body, "latin1");
      });
    });
  });
  after(() => {
    for (const stream of toClose) stream.destroy();
  });

  /** As a plain record: node adds a symbol, a prototype and a date of its own. */
  const plain = (headers: IncomingHttpHeaders): Record<string, unknown> =>
    Object.fromEntries(Object.entries(headers).filter(([key]) => !key.startsWith(":") && key !== "date"));

  const ours = (stream: Duplex): ((fields: FlatFields, body: string) => Promise<Outcome>) => {
    const write = (): void => {
      for (const chunk of client.takeOutput()) stream.write(chunk);
    };
    const client: Http2Client = new Http2Client({
      onOutput: () => setImmediate(write),
      onCapacity: () => undefined,
      onGoAway: () => undefined,
      onPong: () => undefined,
      onFault: (fault) => {
        throw fault;
      },
    });
    setImmediate(write);
    stream.on("data", (bytes: Buffer) => {
      client.receive(bytes, performance.now());
    });
    return (fields, body) =>
      new Promise((resolve, reject) => {
        const got = { status: 0, fields: {}, body: "" };
        const request = client.open(
          fields,
          { isHead: false, isSent: body === "" },
          {
            onHead: (status, flat) => {
              got.status = status;
              got.fields = gatherFields(flat);
            },
            onData: (bytes) => {
              got.body += Buffer.from(bytes).toString("latin1");
              request.read(bytes.length);
            },
            onEnd: (trailers) => {
              resolve({ ...got, trailers: gatherFields(trailers) });
            },
            onFailed: (failure) => {
              reject(new Error(JSON.stringify(failure)));
            },
            onSendable: () => undefined,
          },
        );
        if (body !== "") request.send(Buffer.from(body, "latin1"), true);
      });
  };

  const name = fc.stringMatching(/^x-[!#$%&'*+.^_`|~0-9a-z-]{0,20}$/);
  const text = fc
    .array(fc.oneof(fc.integer({ min: 0x21, max: 0x7e }), fc.integer({ min: 0xa0, max: 0xff })), { maxLength: 60 })
    .map((codes) => String.fromCharCode(...codes));
  const value = fc.oneof(
    text,
    fc.constant("x".repeat(5_000)),
    fc.tuple(text, text).map(([a, b]) => `${a}x x\t${b}x`),
  );
  // One value a name: node joins those of one name, each in its own way.
  const fieldList = fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 8 });
  const body = fc.oneof(
    fc.constant(""),
    text,
    fc.integer({ min: 1, max: 40_000 }).map((length) => "b".repeat(length)),
  );

  test("understand one another, over many requests on one connection, as node's own client does", async () => {
    const [near, far] = duplexPair();
    server.emit("connection", far);
    toClose.push(near, far);
    const ask = ours(near);
    const [nodeNear, nodeFar] = duplexPair();
    server.emit("connection", nodeFar);
    toClose.push(nodeNear, nodeFar);
    const session = connect("http://a.test", { createConnection: () => nodeNear });

    await fc.assert(
      fc.asyncProperty(
        fieldList,
        fieldList,
        fieldList,
        body,
        body,
        async (sent, returned, trailing, request, response) => {
          const inBody = response === "" ? "b" : response;
          answer = {
            status: 200,
            fields: Object.fromEntries(returned),
            body: inBody,
            trailers: Object.fromEntries(trailing),
          };
          const { fields } = requestFields({
            method: request === "" ? "GET" : "POST",
            scheme: "http",
            authority: "a.test",
            path: "/path?query",
            fields: sent.flat(),
            content: request === "" ? "none" : request.length,
          });
          const outcome = await ask(fields, request);
          const { ":authority": authority, ":path": path, ":method": method, ":scheme": scheme } = seen;
          assert.deepEqual(
            [authority, path, method, scheme],
            ["a.test", "/path?query", request === "" ? "GET" : "POST", "http"],
          );
          const length = request === "" ? {} : { "content-length": String(request.length) };
          assert.deepEqual(plain(seen), { ...Object.fromEntries(sent), ...length });
          assert.equal(seenBody, request);

          const theirs = session.request({ ":path": "/" });
          let theirBody = "";
          theirs.setEncoding("latin1").on("data", (piece: string) => (theirBody += piece));
          const [head] = (await once(theirs, "response")) as [IncomingHttpHeaders];
          let trailers: IncomingHttpHeaders = {};
          theirs.on("trailers", (got: IncomingHttpHeaders) => {
            trailers = got;
          });
          await once(theirs, "end");
          assert.deepEqual(
            { ...outcome, fields: plain(outcome.fields) },
            { status: head[":status"], fields: plain(head), body: theirBody, trailers: plain(trailers) },
          );
        },
      ),
      { numRuns: 150 },
    );
    session.close();
  });
});
