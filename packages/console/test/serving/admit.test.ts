import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { admitRequest } from "../../src/serving/protocol/admit.ts";

const origin = "http://127.0.0.1:4711";
/** What a browser says that a link, or a file, leads to a page in a window of its own. */
const led = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
const address = { origin, isToken: (candidate: string) => candidate === "token" };

function admit(target: string, fields: Readonly<Record<string, string>> = {}, method = "GET"): string {
  const field = (name: string): string | null => fields[name] ?? null;
  const admission = admitRequest({ method, url: new URL(target, origin), field }, address);
  return admission.type === "admitted" ? admission.path : admission.type;
}

describe("who is let in", () => {
  test("is who has the token, and says nothing of coming from elsewhere", () => {
    assert.equal(admit("/token/"), "");
    assert.equal(admit("/token/api/transactions/1?x=y"), "api/transactions/1");
    assert.equal(admit("/token/main.js", { "sec-fetch-site": "same-origin" }), "main.js");
    assert.equal(admit("/token/", { "sec-fetch-site": "none" }), "");
    assert.equal(admit("/token/", led), "");
    assert.equal(admit("/token/api/fetch", { origin }, "POST"), "api/fetch");
    assert.equal(admit("/token/api/events", { origin, upgrade: "websocket" }), "api/events");
  });

  for (const [who, target, fields, method] of [
    ["has no token", "/", {}, "GET"],
    ["has another token", "/other/", {}, "GET"],
    ["leaves out the slash behind it", "/token", {}, "GET"],
    ["has it elsewhere in the path", "/x/token/", {}, "GET"],
    ["has it in the query", "/?token", {}, "GET"],
    ["came by a name of its own (DNS rebinding)", "http://evil.test:4711/token/", {}, "GET"],
    ["came by the name localhost, that another program may have", "http://localhost:4711/token/", {}, "GET"],
    ["came to another port", "http://127.0.0.1:4712/token/", {}, "GET"],
    ["is a page of another site", "/token/", { "sec-fetch-site": "cross-site" }, "GET"],
    ["is a page of another port of this machine", "/token/", { "sec-fetch-site": "same-site" }, "GET"],
    ["is led to what is behind the page", "/token/api/har", led, "GET"],
    ["is led to a file of the page", "/token/main.js", led, "GET"],
    ["is led to it by a form", "/token/", led, "POST"],
    ["is led to it in a frame of another site", "/token/", { ...led, "sec-fetch-dest": "iframe" }, "GET"],
    ["fetches the page from another site", "/token/", { ...led, "sec-fetch-mode": "no-cors" }, "GET"],
    ["is led to it without the token", "/other/", led, "GET"],
    ["asks from another origin", "/token/api/har", { origin: "https://evil.test" }, "GET"],
    ["asks from an origin without a name", "/token/api/har", { origin: "null" }, "GET"],
    ["changes something from another origin", "/token/api/fetch", { origin: "https://evil.test" }, "POST"],
    ["changes something and does not say from where", "/token/api/fetch", {}, "POST"],
    ["deletes and does not say from where", "/token/api/transactions", {}, "DELETE"],
    [
      "opens a WebSocket from another origin",
      "/token/api/events",
      { origin: "http://evil.test", upgrade: "websocket" },
      "GET",
    ],
    ["opens a WebSocket and does not say from where", "/token/api/events", { upgrade: "websocket" }, "GET"],
  ] as const) {
    test(`is not who ${who}`, () => {
      assert.equal(admit(target, fields, method), "refused");
    });
  }
});
