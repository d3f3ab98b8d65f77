import { isCodedError } from "@fairlead/core";
import { codedCauseOf } from "@fairlead/access";
import type { TlsBackend, TlsSocket } from "@fairlead/tls";
import { nodeTls } from "@fairlead/tls/node";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture, type NetworkFixture } from "./network-fixture.ts";
import { response, scriptedServer } from "./scripted-server.ts";
import { tlsBackends } from "./tls-backends.ts";
import {
  assertNoSecret,
  check,
  checkBoth,
  failure,
  failures,
  late,
  SECRET,
  watchStrayRejections,
  type Expected,
} from "./typed-failure.ts";

const fixture = networkFixture();
watchStrayRejections();

const missing: Expected = { code: "RESPONSE_MISSING", name: "ProtocolError" };
const reset: Expected = { code: "CONNECTION_RESET", name: "TransportError" };
const malformed: Expected = { code: "RESPONSE_MALFORMED", name: "ProtocolError" };
const tls = (code: string): Expected => ({ code, name: "TlsError" });

describe("connections that cannot be had", () => {
  const table = [
    ["https-expired", tls("CERTIFICATE_EXPIRED")],
    ["https-not-yet-valid", tls("CERTIFICATE_NOT_YET_VALID")],
    ["https-wrong-host", tls("CERTIFICATE_HOST_MISMATCH")],
    ["https-self-signed", tls("CERTIFICATE_SELF_SIGNED")],
    ["https-untrusted-root", tls("CERTIFICATE_ISSUER_UNKNOWN")],
    ["https-incomplete-chain", tls("CERTIFICATE_ISSUER_UNKNOWN")],
    ["https-client-certificate", tls("CLIENT_CERTIFICATE_REQUIRED")],
    ["http", tls("TLS_NOT_SPOKEN")],
    ["tcp-echo", tls("TLS_NOT_SPOKEN")],
    ["tcp-close", tls("TLS_CLOSED_IN_HANDSHAKE")],
    ["tcp-silent", late("secure")],
  ] as const;
  for (const backend of tlsBackends) {
    const open: NetworkFixture["open"] = (options) => fixture.open({ ...options, tls: { backend } });
    for (const [listener, expected] of table) {
      test(`https over ${backend.name} to the listener ${listener}: ${expected.code}`, async () => {
        const { port } = fixture.network.service(listener);
        await checkBoth(open, `https://localhost:${String(port)}/${SECRET}?token=${SECRET}`, expected);
      });
    }
  }

  test("https to a listener that resets at once", async () => {
    // Heard before or after the connection is called established.
    const { port } = fixture.network.service("tcp-reset");
    const errors = await failures(fixture.open, `https://localhost:${String(port)}/${SECRET}`);
    for (const error of [errors.request, codedCauseOf((errors.fetch as Error).cause)]) {
      assert.ok(isCodedError(error));
      assert.match(error.code, /^(?:CONNECTION_RESET|TLS_CLOSED_IN_HANDSHAKE)$/);
      assertNoSecret(error);
    }
  });

  const plain: [listener: "https" | "tcp-echo" | "tcp-close" | "tcp-reset" | "tcp-silent", expected: Expected][] = [
    ["tcp-echo", malformed],
    ["tcp-close", missing],
    ["tcp-reset", reset],
    ["tcp-silent", late("response")],
  ];
  for (const [listener, expected] of plain) {
    test(`http to the listener ${listener}: ${expected.code}`, async () => {
      const { port } = fixture.network.service(listener);
      await checkBoth(fixture.open, `http://localhost:${String(port)}/${SECRET}?token=${SECRET}`, expected);
    });
  }

  test("http to a port that speaks TLS", async () => {
    // OpenSSL answers with an alert, or Node closes without a word: both are no response.
    const { port } = fixture.network.https;
    const errors = await failures(fixture.open, `http://localhost:${String(port)}/${SECRET}`);
    for (const error of [errors.request, codedCauseOf((errors.fetch as Error).cause)]) {
      assert.ok(isCodedError(error));
      assert.match(error.code, /^(?:RESPONSE_MISSING|RESPONSE_MALFORMED|CONNECTION_RESET)$/);
      assertNoSecret(error);
    }
  });

  test("nobody listens", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    const refused: Expected = { code: "CONNECTION_REFUSED", name: "TransportError" };
    await checkBoth(fixture.open, `http://127.0.0.1:${String(port)}/${SECRET}`, refused);
    await checkBoth(fixture.open, `https://127.0.0.1:${String(port)}/${SECRET}`, refused);
  });

  test("the name does not exist", async () => {
    await checkBoth(fixture.open, `https://nowhere.invalid:4711/${SECRET}`, {
      code: "NAME_NOT_FOUND",
      name: "TransportError",
    });
  });

  test("the name server gives no answer", async () => {
    await using manager = await fixture.open({
      lookup: (hostname, _options, callback) => {
        process.nextTick(
          callback,
          Object.assign(new Error(`getaddrinfo EAI_AGAIN ${hostname}`), { code: "EAI_AGAIN" }),
        );
      },
    });
    const url = `https://a.example:4711/${SECRET}`;
    const expected: Expected = { code: "NAME_LOOKUP_FAILED", name: "TransportError" };
    check(await failure(() => manager.request(url)), expected, "a.example:4711");
    const error = await failure(() => manager.fetch(url));
    check(error, { ...expected, name: "FetchError" }, "a.example:4711");
    check(error.cause, expected, "a.example:4711");
  });

  test("the name is never resolved: phase resolve", async () => {
    await using manager = await fixture.open({ timeouts: { resolve: 50 }, lookup: () => undefined });
    check(await failure(() => manager.request("https://a.example/")), late("resolve"), "a.example:443");
  });

  test("a server that talks before it is asked", async () => {
    await using server = await scriptedServer((socket) => void socket.write(response("too early")));
    await using manager = await fixture.open({ tls: { backend: eagerBackend() } });
    const { port } = server;
    const expected: Expected = { ...malformed, detail: /bytes before any request/ };
    check(
      await failure(() => manager.request(`https://127.0.0.1:${String(port)}/`)),
      expected,
      `127.0.0.1:${String(port)}`,
    );
    assert.equal(server.connections.length, 1);
  });
});

/** Secures nothing, and waits until the peer has said something. */
function eagerBackend(): TlsBackend {
  return {
    ...nodeTls,
    connect: async (below) => {
      await once(below, "readable");
      return Object.assign(below, {
        encrypted: true,
        authorized: true,
        alpnProtocol: "http/1.1",
        getProtocol: () => "TLSv1.3",
        getCipher: () => ({ name: "none" }),
        getPeerX509Certificate: () => undefined,
        isSessionReused: () => false,
      }) as unknown as TlsSocket;
    },
  };
}
