import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Dialogue, DialogueStep } from "../../../src/tunnels/protocol/dialogue.ts";
import { httpConnectDialogue } from "../../../src/tunnels/protocol/http-connect.ts";
import { socks4aDialogue } from "../../../src/tunnels/protocol/socks4a.ts";
import { socks5Dialogue } from "../../../src/tunnels/protocol/socks5.ts";

const name = { destination: { type: "name", name: "a.example" }, port: 443, credentials: undefined } as const;
const credentials = { username: "me", password: "secret" };
const address = { type: "ipv4", address: Uint8Array.of(192, 0, 2, 1) } as const;
const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));

/** Says all of it, in pieces of a size; gives what was sent, and the last step. */
function talk<Answer>(
  dialogue: Dialogue<Answer>,
  answer: Uint8Array,
  size = answer.length,
): { readonly sent: string; readonly last: unknown } {
  let sent = Buffer.from(dialogue.opening).toString("hex");
  let last: DialogueStep<Answer> = { type: "need-data" };
  for (let at = 0; at < answer.length && last.type === "need-data"; at += size) {
    last = dialogue.receive(answer.subarray(at, at + size));
    for (; last.type === "send"; last = dialogue.receive(new Uint8Array(0))) {
      sent += ` ${Buffer.from(last.bytes).toString("hex")}`;
    }
    if (last.type === "done") last = { ...last, rest: Uint8Array.of(...last.rest, ...answer.subarray(at + size)) };
  }
  return { sent, last };
}

describe("SOCKS 5 (RFC 1928)", () => {
  const hello = "0501 00".replace(" ", "");
  const request = `050100 03 09 ${Buffer.from("a.example").toString("hex")} 01bb`.replaceAll(" ", "");

  test("asks for a name without credentials", () => {
    const dialogue = socks5Dialogue(name);
    assert.equal(Buffer.from(dialogue.opening).toString("hex"), hello);
    assert.deepEqual(dialogue.receive(Uint8Array.of(5, 0)), {
      type: "send",
      bytes: Uint8Array.from(Buffer.from(request, "hex")),
    });
    assert.deepEqual(dialogue.receive(Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7, 7)), {
      type: "done",
      answer: undefined,
      rest: Uint8Array.of(7, 7),
    });
  });

  test("logs in where it is asked to (RFC 1929)", () => {
    const dialogue = socks5Dialogue({ ...name, credentials });
    assert.deepEqual(dialogue.opening, Uint8Array.of(5, 2, 0, 2));
    assert.deepEqual(dialogue.receive(Uint8Array.of(5, 2)), { type: "send", bytes: latin1("\x01\x02me\x06secret") });
    assert.equal(dialogue.receive(Uint8Array.of(1, 0)).type, "send");
    assert.equal(dialogue.receive(Uint8Array.of(5, 0, 0, 3, 1, 97, 0, 0)).type, "done");
  });

  for (const [title, answer, expected] of [
    ["a wrong password", [5, 2, 1, 1], "PROXY_AUTHENTICATION_REQUIRED"],
    ["no acceptable method", [5, 255], "PROXY_AUTHENTICATION_REQUIRED"],
    ["a method that was not offered", [5, 1], "PROXY_ANSWER_INVALID"],
    ["another protocol", [...latin1("HTTP/1.1 400")], "PROXY_ANSWER_INVALID"],
    ["rules that forbid it", [5, 0, 5, 2], "PROXY_REFUSED"],
    ["a host that cannot be reached", [5, 0, 5, 4, 0, 1], "HOST_UNREACHABLE"],
    ["a connection that is refused", [5, 0, 5, 5], "CONNECTION_REFUSED"],
    ["a reply that nobody knows", [5, 0, 5, 77], "PROXY_REFUSED"],
    ["an address that nobody knows", [5, 0, 5, 0, 0, 9, 1], "PROXY_ANSWER_INVALID"],
  ] as const) {
    test(`names ${title}`, () => {
      const { last } = talk(socks5Dialogue({ ...name, credentials }), Uint8Array.from(answer), 1);
      assert.equal((last as { readonly code?: string }).code, expected);
    });
  }

  test("refuses names that it cannot carry", () => {
    const long = "a".repeat(256);
    assert.throws(() => socks5Dialogue({ ...name, destination: { type: "name", name: long } }), RangeError);
    assert.throws(() => socks5Dialogue({ ...name, credentials: { username: "", password: "x" } }), RangeError);
    assert.throws(() => socks5Dialogue({ ...name, credentials: { username: "x", password: long } }), RangeError);
  });
});

describe("SOCKS 4a", () => {
  test("lets the proxy resolve the name", () => {
    const { sent, last } = talk(
      socks4aDialogue({ ...name, credentials }),
      Uint8Array.of(0, 90, 0, 0, 0, 0, 0, 0, 9),
      1,
    );
    assert.equal(sent, Buffer.from("\x04\x01\x01\xbb\0\0\0\x01me\0a.example\0", "latin1").toString("hex"));
    assert.deepEqual(last, { type: "done", answer: undefined, rest: Uint8Array.of(9) });
  });

  test("sends an address as it is, and nobody's name", () => {
    const { sent } = talk(socks4aDialogue({ ...name, destination: address }), new Uint8Array(0));
    assert.equal(sent, "040101bbc000020100");
  });

  for (const [reply, expected] of [
    [[0, 91], "PROXY_REFUSED"],
    [[0, 93], "PROXY_AUTHENTICATION_REQUIRED"],
    [[5, 90], "PROXY_ANSWER_INVALID"],
  ] as const) {
    test(`names the reply ${reply.join(" ")} ${expected}`, () => {
      const { last } = talk(socks4aDialogue(name), Uint8Array.of(...reply, 0, 0, 0, 0, 0, 0));
      assert.equal((last as { readonly code?: string }).code, expected);
    });
  }

  test("cannot carry IPv6 or a zero byte", () => {
    assert.throws(
      () => socks4aDialogue({ ...name, destination: { type: "ipv6", address: new Uint8Array(16) } }),
      RangeError,
    );
    assert.throws(() => socks4aDialogue({ ...name, destination: { type: "name", name: "a\0b" } }), RangeError);
  });
});

describe("CONNECT (RFC 9110 section 9.3.6)", () => {
  const connect = (fields: readonly (readonly [string, string])[] = []) =>
    httpConnectDialogue({ host: "a.example", port: 443, fields });
  const outcome = (answer: string, size?: number): unknown => {
    const { last } = talk(connect(), latin1(answer), size);
    const {
      type,
      code,
      answer: said,
      rest,
    } = last as { type: string; code?: string; answer?: unknown; rest?: Uint8Array };
    return code ?? (said === undefined ? type : [said, Buffer.from(rest ?? []).toString("latin1")]);
  };

  test("asks for the authority, with fields for the proxy", () => {
    const { sent } = talk(connect([["Proxy-Authorization", "Basic x"]]), new Uint8Array(0));
    assert.equal(
      Buffer.from(sent, "hex").toString(),
      "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\nProxy-Authorization: Basic x\r\n\r\n",
    );
    const six = httpConnectDialogue({ host: "2001:db8::1", port: 80, fields: [] });
    assert.match(Buffer.from(six.opening).toString(), /^CONNECT \[2001:db8::1\]:80 HTTP\/1\.1\r\n/);
  });

  const challenge = "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\nProxy-Authenticate: NTLM\r\n";
  const challenged = (reusable: boolean): unknown => ({
    type: "challenged",
    challenges: ["Basic realm=x", "NTLM"],
    reusable,
  });
  for (const [title, answer, expected] of [
    ["a tunnel", "HTTP/1.1 200 OK\r\n\r\n", [{ type: "open" }, ""]],
    [
      "a tunnel in which the server speaks first",
      "HTTP/1.0 200\r\nVia: x\r\n\r\n220 hello",
      [{ type: "open" }, "220 hello"],
    ],
    [
      "a tunnel whose length means nothing",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbytes",
      [{ type: "open" }, "bytes"],
    ],
    ["a tunnel after an interim response", "HTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 204 OK\r\n\r\n", [{ type: "open" }, ""]],
    ["a challenge that can be answered here", `${challenge}Content-Length: 3\r\n\r\nNo!`, [challenged(true), ""]],
    [
      "a challenge that ends the connection",
      `${challenge}Content-Length: 0\r\nConnection: close\r\n\r\n`,
      [challenged(false), ""],
    ],
    ["a challenge without a length", `${challenge}\r\nNo!`, [challenged(false), ""]],
    [
      "a challenge with two lengths",
      `${challenge}Content-Length: 0\r\nContent-Length: 3\r\n\r\n`,
      [challenged(false), ""],
    ],
    ["a refusal", "HTTP/1.1 403 Forbidden\r\n\r\n", "PROXY_REFUSED"],
    ["a redirect", "HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n", "PROXY_REFUSED"],
    ["another protocol", "SSH-2.0-x\r\n\r\n", "PROXY_ANSWER_INVALID"],
    ["HTTP/2", "HTTP/2 200 OK\r\n\r\n", "PROXY_ANSWER_INVALID"],
    ["a folded field", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "PROXY_ANSWER_INVALID"],
    ["a field with a space before its colon", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n", "PROXY_ANSWER_INVALID"],
    ["a head without end", `HTTP/1.1 200 OK\r\nA: ${"b".repeat(20_000)}`, "PROXY_ANSWER_INVALID"],
    ["nothing yet", "HTTP/1.1 200 OK\r\n", "need-data"],
  ] as const) {
    test(`hears ${title}, whole and byte by byte`, () => {
      assert.deepEqual(outcome(answer), expected);
      if (answer.length < 1_000 && !title.includes("without a length")) assert.deepEqual(outcome(answer, 1), expected);
    });
  }

  test("refuses what would be another request", () => {
    assert.throws(() => httpConnectDialogue({ host: "a\r\nX: y", port: 1, fields: [] }), RangeError);
    assert.throws(() => httpConnectDialogue({ host: "a b", port: 1, fields: [] }), RangeError);
    assert.throws(() => connect([["X", "y\r\nZ: 1"]]), RangeError);
    assert.throws(() => connect([["X:", "y"]]), RangeError);
  });

  test("takes whatever arrives", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 100 }),
        fc.constantFrom("", "HTTP/1.1 200 OK\r\n", challenge),
        (bytes, head) => {
          for (const dialogue of [connect(), socks5Dialogue({ ...name, credentials }), socks4aDialogue(name)]) {
            talk<unknown>(dialogue, Uint8Array.of(...latin1(head), ...bytes), 7);
          }
        },
      ),
    );
  });
});
