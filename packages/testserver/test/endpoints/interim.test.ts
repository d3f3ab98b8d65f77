import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { interimFamily } from "../../src/endpoints/interim.ts";
import { dechunk, talk } from "../raw-client.ts";
import { describeFamily } from "./describe-family.ts";

const expecting = (path: string, body: string): string =>
  `PUT ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n${body}`;

describeFamily(interimFamily, {
  "/interim/early-hints?link=LINK&times=1": async ({ raw }) => {
    const { text } = await raw("/interim/early-hints?link=%3C/a%3E;rel=preload&times=2");
    const hint = "HTTP/1.1 103 Early Hints\r\nLink: </a>;rel=preload\r\n\r\n";
    assert.ok(text.startsWith(`${hint}${hint}HTTP/1.1 200 OK\r\n`), text);
  },
  "/interim/processing": async ({ raw }) => {
    const { text } = await raw("/interim/processing");
    assert.equal(text.match(/^HTTP\/1\.1 \d+/gm)?.join(), "HTTP/1.1 102,HTTP/1.1 102,HTTP/1.1 102,HTTP/1.1 200");
  },
  "/interim/unknown": async ({ raw }) => {
    assert.match((await raw("/interim/unknown")).text, /^HTTP\/1\.1 199 Soon\r\nX-Soon: yes\r\n\r\nHTTP\/1\.1 200 /);
  },
  "/interim/switching": async ({ raw }) => {
    assert.match((await raw("/interim/switching")).text, /^HTTP\/1\.1 101 .*\r\n\r\nsomething else$/s);
  },
  "/interim/expect/refuse": async ({ get, network, scheme }) => {
    const { text, ending } = await talk(network, scheme, expecting("/interim/expect/refuse", ""));
    assert.match(text, /^HTTP\/1\.1 417 /);
    assert.equal(ending, "ended");
    assert.equal((await get("/interim/expect/refuse")).status, 200);
    // Every other endpoint asks for the body.
    const { text: asked } = await talk(network, scheme, expecting("/echo", ""), "100 Continue\r\n\r\n");
    assert.equal(asked, "HTTP/1.1 100 Continue\r\n\r\n");
  },
  "/interim/expect/ignore": async ({ network, scheme }) => {
    const { text } = await talk(network, scheme, expecting("/interim/expect/ignore", "body"));
    assert.match(text, /^HTTP\/1\.1 200 .*4 bytes came/s);
  },
  "/trailers/digest?wrong=no": async ({ get }) => {
    for (const query of ["", "?wrong=yes"]) {
      const response = await get(`/trailers/digest${query}`);
      assert.deepEqual(response.field("trailer"), ["Repr-Digest"]);
      const { content, trailers } = dechunk(response.body);
      const digest = `repr-digest: sha-256=:${createHash("sha256").update(content).digest("base64")}:\r\n\r\n`;
      assert.equal(trailers === digest, query === "", trailers);
    }
  },
  "/trailers/unannounced": async ({ get }) => {
    const response = await get("/trailers/unannounced");
    assert.deepEqual(dechunk(response.body), { content: "ok", trailers: "X-Late: yes\r\n\r\n" });
    assert.deepEqual(response.field("trailer"), []);
  },
  "/trailers/forbidden": async ({ get }) => {
    const { content, trailers } = dechunk((await get("/trailers/forbidden")).body);
    assert.equal(content, "ok");
    assert.match(trailers, /^Content-Length: 5\r\nSet-Cookie: late=1\r\nContent-Encoding: gzip\r\n\r\n$/);
  },
});
