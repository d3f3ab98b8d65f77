import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { FetchHandler, Plugin, RequestContext } from "../../src/index.ts";
import { composePlugins } from "../../src/plugins/index.ts";

const context: RequestContext = {
  connection: { id: 1, remote: undefined, local: undefined, proxy: undefined, tls: undefined },
  client: undefined,
  requestTrailers: [],
  inform: () => undefined,
  waitUntil: () => undefined,
};
const request = new Request("http://a.example/");

function noting(name: string, notes: string[], isLate: boolean): Plugin {
  return {
    name,
    request() {
      notes.push(`${name} request`);
      return isLate ? Promise.resolve(undefined) : undefined;
    },
    response(response) {
      notes.push(`${name} response`);
      return isLate ? Promise.resolve(response) : response;
    },
  };
}

suite("plug-ins around a handler", () => {
  test("without hooks the handler is what it was", () => {
    const handler: FetchHandler = () => new Response();
    assert.equal(composePlugins([], handler), handler);
    assert.equal(composePlugins([{ name: "silent", close: () => undefined }], handler), handler);
  });

  test("requests pass in order, answers in reverse, whether they come at once or later", async () => {
    for (const isLate of [false, true]) {
      const notes: string[] = [];
      const app = composePlugins([noting("a", notes, isLate), noting("b", notes, isLate)], () => {
        notes.push("handler");
        return new Response();
      });
      await app(request, context);
      assert.deepEqual(notes, ["a request", "b request", "handler", "b response", "a response"]);
    }
  });

  test("hooks that return no promise make none", () => {
    const notes: string[] = [];
    const app = composePlugins([noting("a", notes, false)], () => new Response());
    assert.ok(app(request, context) instanceof Response);
  });

  test("a response ends it there, and passes the hooks of those before", async () => {
    const notes: string[] = [];
    const refusing: Plugin = {
      name: "refusing",
      request: () => new Response(null, { status: 401 }),
      response: (response) => {
        notes.push("its own hook");
        return response;
      },
    };
    const app = composePlugins([noting("a", notes, false), refusing, noting("c", notes, false)], () => {
      notes.push("handler");
      return new Response();
    });
    assert.equal((await app(request, context)).status, 401);
    assert.deepEqual(notes, ["a request", "a response"]);
  });

  test("a request that is returned goes on, and each response hook has the request of its own request hook", async () => {
    const other = new Request("http://a.example/other");
    const seen: string[] = [];
    const replacing: Plugin = {
      name: "replacing",
      request: () => other,
      response: (response, { url }) => {
        seen.push(url);
        return response;
      },
    };
    const app = composePlugins([replacing, { ...replacing, request: () => undefined }], (given) => {
      assert.equal(given, other);
      return new Response();
    });
    await app(request, context);
    assert.deepEqual(seen, [other.url, request.url]);
  });

  test("what a hook throws comes to whoever asked", async () => {
    const failing: Plugin = {
      name: "failing",
      async response() {
        throw new Error("a mistake");
      },
    };
    await assert.rejects(async () => composePlugins([failing], () => new Response())(request, context), /a mistake/);
  });
});
