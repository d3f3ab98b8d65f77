import assert from "node:assert/strict";
import { eventStreamFamily } from "../../src/endpoints/event-stream.ts";
import { describeFamily } from "./describe-family.ts";

const begins = ": retry in a moment\nretry: 1\n\n";
const two = `${begins}id: 1\ndata: event 1\n\nid: 2\ndata: event 2\n\n`;
const unchunk = (text: string): string => text.replace(/[\da-f]+\r\n|\r\n/g, "");
const bodyOf = (text: string): string => unchunk(text.slice(text.indexOf("\r\n\r\n") + 4));

describeFamily(eventStreamFamily, {
  "/events?each=2&of=6&retry=1": async ({ get }) => {
    const first = await get("/events?each=2&of=3");
    assert.deepEqual([first.status, first.field("content-type")], [200, ["text/event-stream"]]);
    assert.equal(unchunk(first.body), two);
    const next = await get("/events?each=2&of=3", ["Last-Event-ID: 2"]);
    assert.equal(unchunk(next.body), `${begins}id: 3\ndata: event 3\n\n`);
    assert.equal((await get("/events?each=2&of=3", ["Last-Event-ID: 3"])).status, 204);
    assert.equal((await get("/events?each=-1")).status, 400);
  },
  "/events/cut?each=2&of=6&retry=1": async ({ raw, get }) => {
    const { text, ending } = await raw("/events/cut?each=2&of=3");
    assert.equal(bodyOf(text), `${two}id: cut\ndata: half an ev`);
    assert.notEqual(ending, "open");
    assert.equal((await get("/events/cut?of=3", ["Last-Event-ID: 3"])).status, 204);
  },
  "/events/stall?each=2&of=6&retry=1": async ({ raw }) => {
    const { text, ending } = await raw("/events/stall?each=2&of=3", "event 2\n\n");
    assert.equal(bodyOf(text).trimEnd(), two.trimEnd());
    assert.equal(ending, "open");
  },
  "/events/request": async ({ raw }) => {
    const { text } = await raw("/events/request", "}\n\n");
    const [, json = ""] = /data: (.*)\n/.exec(text) ?? [];
    const { method, body } = JSON.parse(json) as { readonly method: string; readonly body: string };
    assert.deepEqual([method, body], ["GET", ""]);
  },
  "/events/raw?text=TEXT": async ({ get }) => {
    assert.equal((await get("/events/raw?text=data%3A%20hello%0A%0A")).body, "data: hello\n\n");
  },
  "/events/flood?bytes=65536": async ({ raw }) => {
    const { text, ending } = await raw("/events/flood?bytes=10", "data: xxxxxxxxxx\n\n");
    assert.match(text, /data: x{10}\n\n/);
    assert.equal(ending, "open");
  },
});
