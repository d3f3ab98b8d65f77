import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import { openNetworkAccessManager } from "@fairlead/access";
import { openOAuthClient } from "@fairlead/oauth";
import fc from "fast-check";
import { startLiar, type Lies } from "../fixtures/liar.ts";
import { isLoopback, metadataProblem } from "../../src/client/protocol/server-metadata.ts";

const issuer = "https://login.example";

test("addresses on several hosts are no problem, as servers have their parts on several", () => {
  const server = {
    issuer,
    token_endpoint: "https://tokens.example/t",
    jwks_uri: "https://keys.example/k?version=1",
    mtls_endpoint_aliases: { token_endpoint: "https://mtls.example/t" },
    service_documentation: "http://docs.example",
  };
  assert.equal(metadataProblem(server, false), undefined);
});

const refused: readonly (readonly [members: Record<string, unknown>, problem: string])[] = [
  [{ token_endpoint: "http://login.example/t" }, "token_endpoint is not https"],
  [{ jwks_uri: "http://login.example/k" }, "jwks_uri is not https"],
  [{ authorization_endpoint: "javascript:alert(1)" }, "authorization_endpoint is not https"],
  [{ end_session_endpoint: "file:///etc/passwd" }, "end_session_endpoint is not https"],
  [{ token_endpoint: "/t" }, "token_endpoint is no URL"],
  [{ token_endpoint: 1 }, "token_endpoint is no text"],
  [{ token_endpoint: "https://a:b@login.example/t" }, "token_endpoint has user information"],
  [{ token_endpoint: "https://login.example/t#f" }, "token_endpoint has a fragment"],
  [{ token_endpoint: "https://127.0.0.1/t" }, "token_endpoint leads to this machine"],
  [{ token_endpoint: "https://localhost./t" }, "token_endpoint leads to this machine"],
  [{ jwks_uri: "https://[::1]:8443/" }, "jwks_uri leads to this machine"],
  [
    { mtls_endpoint_aliases: { token_endpoint: "http://a.example" } },
    "mtls_endpoint_aliases.token_endpoint is not https",
  ],
  [{ mtls_endpoint_aliases: "https://a.example" }, "mtls_endpoint_aliases is no text"],
  [{ code_challenge_methods_supported: "S256" }, "code_challenge_methods_supported is no list"],
];
for (const [members, problem] of refused) {
  test(`metadata is refused where ${problem}: ${JSON.stringify(members)}`, () => {
    assert.equal(metadataProblem({ issuer, ...members }, false), problem);
  });
}

test("a server on this machine is spoken to without TLS, and may be nowhere but here or behind TLS", () => {
  const local = { issuer: "http://127.0.0.1:8080", token_endpoint: "http://127.0.0.1:8080/t" };
  assert.equal(metadataProblem(local, false), undefined);
  assert.equal(metadataProblem({ ...local, jwks_uri: "https://keys.example" }, false), undefined);
  const elsewhere = { ...local, jwks_uri: "http://keys.example" };
  assert.equal(metadataProblem(elsewhere, false), "jwks_uri is not https");
  assert.equal(metadataProblem(elsewhere, true), undefined);
});

test("whatever metadata holds, it is judged, and nothing of it is quoted", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom("token_endpoint", "jwks_uri", "x_endpoint"), fc.anything()),
      (members) => {
        const problem = metadataProblem({ issuer, ...members }, false);
        assert.ok(problem === undefined || /^[\w. ]+$/.test(problem));
      },
    ),
  );
});

test("what leads to this machine is known by its address in each form", () => {
  const here = [
    "127.1",
    "127.255.0.1",
    "localhost",
    "a.LOCALHOST",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "0.0.0.0",
    "2130706433",
  ];
  const elsewhere = ["128.0.0.1", "localhost.example", "127.0.0.1.example", "[::2]", "xlocalhost"];
  for (const host of here) assert.ok(isLoopback(new URL(`https://${host}/`)), host);
  for (const host of elsewhere) assert.ok(!isLoopback(new URL(`https://${host}/`)), host);
});

test("metadata is asked for once, for as long as its server says that it holds", async () => {
  const metadata: Lies["metadata"] = (honest) => (response) => {
    response.writeHead(200, { "content-type": "application/json", "cache-control": "max-age=60" });
    response.end(JSON.stringify(honest));
  };
  await using liar = await startLiar({ metadata });
  await using manager = await openNetworkAccessManager();
  for (let times = 0; times < 3; times += 1) await openOAuthClient({ manager, issuer: liar.issuer, clientId: "tool" });
  assert.equal(liar.paths.length, 1);
});

test("a client is not opened with what cannot be, and nobody is asked", async () => {
  await using manager = await openNetworkAccessManager();
  const options = { manager, issuer, clientId: "tool", server: { issuer } };
  const { subtle } = webcrypto;
  const { publicKey } = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const hmac = await subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const wrong = [
    { issuer: "login.example" },
    { issuer: "http://login.example" },
    { issuer: "https://a:b@login.example" },
    { issuer: "https://login.example/?tenant=1" },
    { issuer: "javascript:alert(1)" },
    { clientId: "" },
    { authentication: { type: "secret-basic", secret: "" } },
    { authentication: { type: "private-key", key: publicKey } },
    { authentication: { type: "private-key", key: hmac } },
    { clockToleranceSeconds: -1 },
  ] as const;
  for (const one of wrong) {
    await assert.rejects(openOAuthClient({ ...options, ...one }), { code: "OPTION_INVALID" }, JSON.stringify(one));
  }
  await assert.rejects(openOAuthClient({ ...options, server: { issuer: "https://other.example" } }), {
    code: "OAUTH_ISSUER_MISMATCH",
  });
  await assert.rejects(openOAuthClient({ ...options, server: { issuer, token_endpoint: "http://login.example/t" } }), {
    code: "OAUTH_RESPONSE_INVALID",
  });
  const plain = { issuer: "http://login.example" };
  const dangerous = { allowPlainHttp: true };
  const client = await openOAuthClient({ ...options, ...plain, server: plain, dangerous });
  assert.equal(client.server.issuer, plain.issuer);
});
