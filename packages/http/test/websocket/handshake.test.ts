import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import {
  answerHandshakeKey,
  checkClientHandshake,
  checkServerHandshake,
  findProtocolFault,
  formatClientHandshake,
  formatServerHandshake,
  type HandshakeFields,
  isHandshakeKey,
} from "@fairlead/http/websocket";

const key = "dGhlIHNhbXBsZSBub25jZQ==";
const accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

function sha1(text: string): string {
  return createHash("sha1").update(text).digest("base64");
}

describe("the key (RFC 6455 section 1.3)", () => {
  test("of the example has the example's answer", () => {
    assert.equal(answerHandshakeKey(key, sha1), accept);
  });

  for (const [what, value, isKey] of [
    ["16 octets", key, true],
    ["16 zeros", "AAAAAAAAAAAAAAAAAAAAAA==", true],
    ["15 octets", "AAAAAAAAAAAAAAAAAAAA", false],
    ["17 octets", "AAAAAAAAAAAAAAAAAAAAAAA=", false],
    ["bits that belong to no octet", "AAAAAAAAAAAAAAAAAAAAAB==", false],
    ["no padding", "AAAAAAAAAAAAAAAAAAAAAA", false],
    ["another alphabet", "-_AAAAAAAAAAAAAAAAAAAA==", false],
    ["nothing", "", false],
  ] as const) {
    test(`may be, or not: ${what}`, () => {
      assert.equal(isHandshakeKey(value), isKey);
    });
  }
});

describe("a client's handshake", () => {
  test("has the fields of RFC 6455 section 4.1", () => {
    const offer = { protocols: ["chat", "superchat"], deflate: {} };
    assert.deepEqual(Object.fromEntries(formatClientHandshake(offer, { carrier: "http/1.1", key })), {
      upgrade: "websocket",
      connection: "Upgrade",
      "sec-websocket-key": key,
      "sec-websocket-version": "13",
      "sec-websocket-protocol": "chat, superchat",
      "sec-websocket-extensions": "permessage-deflate; client_max_window_bits",
    });
  });

  test("has no key and no Upgrade in HTTP/2 (RFC 8441 section 5)", () => {
    assert.deepEqual(formatClientHandshake({}, { carrier: "h2" }), [["sec-websocket-version", "13"]]);
  });

  test("offers tokens, and each once", () => {
    assert.equal(findProtocolFault(["a", "A", "v1.chat"]), undefined);
    assert.match(findProtocolFault(["a", "b c"]) ?? "", /no token/);
    assert.match(findProtocolFault([""]) ?? "", /no token/);
    assert.match(findProtocolFault(["a", "a"]) ?? "", /twice/);
  });
});

const good = { upgrade: "websocket", connection: "Upgrade", "sec-websocket-accept": accept };
const offer = { protocols: ["chat", "superchat"], deflate: {} };

describe("a server's answer (RFC 6455 section 4.1)", () => {
  const over = { carrier: "http/1.1", accept } as const;
  const check = (fields: HandshakeFields, status = 101): unknown =>
    checkServerHandshake({ status, fields }, offer, over);

  test("opens, with what it chose", () => {
    assert.deepEqual(check(good), { type: "open", protocol: "", deflate: undefined });
    const opened = check({
      ...good,
      upgrade: "WebSocket",
      connection: "keep-alive, upgrade",
      "sec-websocket-protocol": "superchat",
      "sec-websocket-extensions": "permessage-deflate; server_max_window_bits=10",
    });
    assert.deepEqual(opened, {
      type: "open",
      protocol: "superchat",
      deflate: {
        serverNoContextTakeover: false,
        clientNoContextTakeover: false,
        serverMaxWindowBits: 10,
        clientMaxWindowBits: 15,
      },
    });
  });

  for (const status of [200, 301, 401, 407, 500]) {
    test(`with ${String(status)} is an ordinary one`, () => {
      assert.deepEqual(check(good, status), { type: "refused" });
    });
  }

  const wrong: readonly (readonly [string, HandshakeFields])[] = [
    ["no Upgrade", { ...good, upgrade: undefined }],
    ["an Upgrade to something else", { ...good, upgrade: "h2c" }],
    ["an Upgrade to two things", { ...good, upgrade: "websocket, h2c" }],
    ["no Connection", { ...good, connection: undefined }],
    ["a Connection without upgrade", { ...good, connection: "keep-alive" }],
    ["no Sec-WebSocket-Accept", { ...good, "sec-websocket-accept": undefined }],
    ["the answer to another key", { ...good, "sec-websocket-accept": `${accept.slice(0, -2)}0=` }],
    ["the key instead of its answer", { ...good, "sec-websocket-accept": key }],
    ["two answers", { ...good, "sec-websocket-accept": [accept, accept] }],
    ["a subprotocol that was not offered", { ...good, "sec-websocket-protocol": "other" }],
    ["a subprotocol in other letters", { ...good, "sec-websocket-protocol": "Chat" }],
    ["two subprotocols", { ...good, "sec-websocket-protocol": "chat, superchat" }],
    ["two fields with subprotocols", { ...good, "sec-websocket-protocol": ["chat", "superchat"] }],
    ["an empty subprotocol", { ...good, "sec-websocket-protocol": "" }],
    ["an extension that was not offered", { ...good, "sec-websocket-extensions": "x-webkit-deflate-frame" }],
    ["compression twice", { ...good, "sec-websocket-extensions": "permessage-deflate, permessage-deflate" }],
    ["no list of extensions", { ...good, "sec-websocket-extensions": "permessage-deflate;" }],
  ];
  for (const [what, fields] of wrong) {
    test(`with ${what} fails`, () => {
      assert.equal((check(fields) as { readonly type: string }).type, "invalid");
    });
  }

  test("with what nobody asked for fails where nothing was offered", () => {
    for (const extra of [{ "sec-websocket-protocol": "chat" }, { "sec-websocket-extensions": "permessage-deflate" }]) {
      assert.equal(checkServerHandshake({ status: 101, fields: { ...good, ...extra } }, {}, over).type, "invalid");
    }
  });

  test("needs no proof in HTTP/2, where 2xx opens (RFC 8441 section 5)", () => {
    const h2 = { carrier: "h2" } as const;
    const fields = { "sec-websocket-protocol": "chat" };
    assert.equal(checkServerHandshake({ status: 200, fields }, offer, h2).type, "open");
    assert.equal(checkServerHandshake({ status: 101, fields }, offer, h2).type, "refused");
    assert.equal(checkServerHandshake({ status: 403, fields }, offer, h2).type, "refused");
    assert.equal(checkServerHandshake({ status: 200, fields }, {}, h2).type, "invalid");
  });
});

const request = {
  host: "a.example",
  upgrade: "websocket",
  connection: "Upgrade",
  "sec-websocket-key": key,
  "sec-websocket-version": "13",
};

describe("a client's request (RFC 6455 section 4.2.1)", () => {
  const check = (fields: HandshakeFields, method = "GET"): unknown =>
    checkClientHandshake({ method, fields }, "http/1.1");

  test("is read, with all that it offers", () => {
    const fields = {
      ...request,
      upgrade: "h2c, WebSocket",
      connection: ["keep-alive", "Upgrade"],
      "sec-websocket-protocol": ["chat", "superchat , other"],
      "sec-websocket-extensions": "permessage-deflate",
      origin: "https://b.example",
    };
    assert.deepEqual(check(fields), {
      type: "open",
      key,
      protocols: ["chat", "superchat", "other"],
      extensions: "permessage-deflate",
      origin: "https://b.example",
    });
  });

  const wrong: readonly (readonly [string, number, HandshakeFields, string?])[] = [
    ["another method", 405, request, "POST"],
    ["no Upgrade", 400, { ...request, upgrade: undefined }],
    ["no Connection", 400, { ...request, connection: undefined }],
    ["no key", 400, { ...request, "sec-websocket-key": undefined }],
    ["a key of another length", 400, { ...request, "sec-websocket-key": "c2hvcnQ=" }],
    ["two keys", 400, { ...request, "sec-websocket-key": [key, key] }],
    ["no version", 426, { ...request, "sec-websocket-version": undefined }],
    ["an older version", 426, { ...request, "sec-websocket-version": "8" }],
    ["a subprotocol that is no token", 400, { ...request, "sec-websocket-protocol": "a b" }],
    ["a subprotocol twice", 400, { ...request, "sec-websocket-protocol": "a, a" }],
    ["no list of extensions", 400, { ...request, "sec-websocket-extensions": "a=b" }],
  ];
  for (const [what, status, fields, method] of wrong) {
    test(`with ${what} is answered by ${String(status)}`, () => {
      const result = checkClientHandshake({ method: method ?? "GET", fields }, "http/1.1");
      assert.ok(result.type === "refused");
      assert.equal(result.status, status);
      if (status === 426)
        assert.ok(result.fields.some(([name, value]) => name === "sec-websocket-version" && value === "13"));
    });
  }

  test("is an extended CONNECT in HTTP/2, without a key (RFC 8441 section 5)", () => {
    const fields = { "sec-websocket-version": "13" };
    const connect = { method: "CONNECT", protocol: "websocket", fields };
    assert.deepEqual(checkClientHandshake(connect, "h2"), {
      type: "open",
      key: undefined,
      protocols: [],
      extensions: undefined,
      origin: undefined,
    });
    assert.equal(checkClientHandshake({ ...connect, method: "GET" }, "h2").type, "refused");
    assert.equal(checkClientHandshake({ ...connect, protocol: undefined }, "h2").type, "refused");
    assert.equal(checkClientHandshake({ ...connect, fields: {} }, "h2").type, "refused");
  });
});

test("a server's answer is one that a client takes", () => {
  for (const over of [{ carrier: "http/1.1", accept } as const, { carrier: "h2" } as const]) {
    const fields = Object.fromEntries(formatServerHandshake({ protocol: "chat" }, over));
    const status = over.carrier === "h2" ? 200 : 101;
    assert.equal(checkServerHandshake({ status, fields }, offer, over).type, "open");
  }
});
