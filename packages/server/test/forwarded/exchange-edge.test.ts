import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { request as requestPlain, type IncomingMessage } from "node:http";
import { request as requestSecure } from "node:https";
import { text } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import { formatClientCert } from "@fairlead/http/client-cert";
import { serve, type ServeOptions } from "@fairlead/server";
import { mintAuthority, mintCertificate, type Authority, type MintedIdentity } from "@fairlead/testserver/authority";
import { identitiesByName } from "@fairlead/tls/sockets";

const spoof = {
  forwarded: "for=192.0.2.66;host=evil.example;proto=https",
  "x-forwarded-for": "192.0.2.77",
  "x-forwarded-proto": "https",
  "x-forwarded-host": "evil.example",
  "x-real-ip": "192.0.2.88",
  x_forwarded_for: "192.0.2.99",
};

describe("what proxies say of the client", () => {
  let authority: Authority;
  let identity: MintedIdentity;
  before(async () => {
    authority = await mintAuthority();
    identity = await mintCertificate({ issuer: authority, names: ["a.test", "127.0.0.1"] });
  });

  test("is not believed of who is not trusted, and is removed where others are", async () => {
    for (const forwarded of [undefined, { from: ["10.0.0.0/8", "unix"] }]) {
      const seen = await ask({ forwarded }, spoof);
      assert.equal(seen.client, "127.0.0.1");
      assert.equal(seen.url, "http://a.test/path?q");
      assert.equal("forwarded" in seen.fields, forwarded === undefined);
      assert.equal("x-forwarded-for" in seen.fields, forwarded === undefined);
      assert.equal("x_forwarded_for" in seen.fields, forwarded === undefined);
      assert.equal("x-real-ip" in seen.fields, forwarded === undefined);
    }
  });

  test("is believed of a trusted proxy: client, scheme and host of the URL; in the spelling it writes only", async () => {
    const from = ["127.0.0.1", "10.0.0.0/8"];
    const forwarded = "for=192.0.2.1:99;proto=https;host=b.test, for=10.0.0.2;proto=http;host=inner";
    const seen = await ask({ forwarded: { from } }, { ...spoof, forwarded });
    assert.deepEqual([seen.client, seen.port, seen.url], ["192.0.2.1", 99, "https://b.test/path?q"]);
    assert.deepEqual([seen.fields["host"], seen.fields["forwarded"]], ["b.test", forwarded]);
    for (const name of ["x-forwarded-for", "x-forwarded-host", "x-real-ip"]) assert.ok(!(name in seen.fields));

    const older = { ...spoof, "x-forwarded-for": "192.0.2.66, 192.0.2.2, 10.0.0.2", "x-forwarded-host": "c.test" };
    const told = await ask({ forwarded: { from, spelling: "x-forwarded" } }, older);
    assert.deepEqual([told.client, told.url], ["192.0.2.2", "https://c.test/path?q"]);
    assert.ok(!("forwarded" in told.fields) && "x-forwarded-for" in told.fields);
    assert.ok(!("x_forwarded_for" in told.fields));
  });

  test("leaves the client as it is where the proxy says nothing, or nothing that can be read", async () => {
    for (const forwarded of [undefined, "%%%", "for=unknown"]) {
      const seen = await ask({ forwarded: { from: ["127.0.0.1"] } }, forwarded === undefined ? {} : { forwarded });
      assert.deepEqual([seen.client, seen.url], ["127.0.0.1", "http://a.test/path?q"]);
    }
    const hidden = await ask({ forwarded: { from: ["127.0.0.1"] } }, { forwarded: "for=_hidden" });
    assert.equal(hidden.client, "_hidden");
  });

  test("is no certificate of the client unless that is believed of this proxy, and never one of the connection", async () => {
    const client = await mintCertificate({ issuer: authority, names: ["zoe"], usage: "client" });
    const certificate = new X509Certificate(client.leaf).raw;
    const [, value = "", , chain = ""] = formatClientCert({
      certificate,
      chain: [new X509Certificate(authority.certificate).raw],
    });
    const headers = { "client-cert": value, "client-cert-chain": chain, client_cert: value };
    const from = ["127.0.0.1"];
    for (const forwarded of [undefined, { from }, { from: ["10.0.0.1"], clientCertificates: true }]) {
      const seen = await ask({ forwarded }, headers);
      assert.deepEqual([seen.certificate, seen.own], [undefined, undefined]);
      assert.ok(!("client-cert" in seen.fields || "client-cert-chain" in seen.fields || "client_cert" in seen.fields));
    }
    const believed = await ask({ forwarded: { from, clientCertificates: true } }, headers);
    assert.deepEqual([believed.certificate, believed.own], [new X509Certificate(client.leaf).toString(), undefined]);
    assert.equal(believed.fields["client-cert"], value);
    assert.ok(!("client_cert" in believed.fields));
    const damaged = { "client-cert": ":YQ==:" };
    assert.equal((await ask({ forwarded: { from, clientCertificates: true } }, damaged)).certificate, undefined);
  });

  test("keeps browsers to https where it is asked for: over https, also that of a trusted proxy, and never over plain", async () => {
    const hsts = { maxAge: 300, includeSubDomains: true };
    const strict = "max-age=300; includeSubDomains";
    assert.equal((await ask({ hsts }, {})).hsts, undefined);
    assert.equal((await ask({ hsts }, { forwarded: "proto=https" })).hsts, undefined);
    const proxied = { hsts, forwarded: { from: ["127.0.0.1"] } };
    assert.equal((await ask(proxied, { forwarded: "for=192.0.2.1;proto=https" })).hsts, strict);
    assert.equal((await ask({ hsts, tls: { identity } }, {})).hsts, strict);
    assert.equal((await ask({ tls: { identity } }, {})).hsts, undefined);
    const own = await ask({ hsts, tls: { identity } }, {}, { "strict-transport-security": "max-age=1" });
    assert.equal(own.hsts, "max-age=1");
    for (const wrong of [{ maxAge: -1 }, { maxAge: 1.5 }, { maxAge: 300, includeSubDomains: true, preload: true }]) {
      await assert.rejects(serve({ fetch: () => new Response(), hsts: wrong }), { code: "OPTION_INVALID" });
    }
  });

  test("is refused where nobody can be meant", async () => {
    for (const from of ["10.0.0.0/33", "a.example", ""]) {
      await assert.rejects(serve({ fetch: () => new Response(), forwarded: { from: [from] } }), {
        code: "OPTION_INVALID",
      });
    }
  });

  describe("on a port for TLS, who speaks plain", () => {
    for (const [host, status, location] of [
      ["a.test", 308, "https://a.test/path?q"],
      ["A.test:8443", 308, "https://a.test:8443/path?q"],
      ["127.0.0.1:99", 308, "https://127.0.0.1:99/path?q"],
      ["evil.example", 400, undefined],
      ["evil.example#a.test", 400, undefined],
      ["a.test@evil.example", 400, undefined],
      ["evil.example/a.test", 400, undefined],
      ["evil.example:1:2", 400, undefined],
      ["a.test.", 308, "https://a.test./path?q"],
    ] as const) {
      test(`and names ${host} gets ${String(status)}`, async () => {
        await using running = await serve({
          fetch: () => assert.fail("a handler was asked"),
          tls: { identity },
          host: "127.0.0.1",
          hsts: { maxAge: 1 },
        });
        const response = await exchange(running.port ?? 0, { host }, undefined);
        assert.equal(response.statusCode, status);
        assert.equal(response.headers.location, location);
        assert.equal(response.headers["strict-transport-security"], undefined);
      });
    }

    test("is sent to the hosts that there are certificates for, and to no others", async () => {
      const byName = identitiesByName({
        "*.a.test": await mintCertificate({ issuer: authority, names: ["*.a.test"] }),
      });
      await using running = await serve({ fetch: () => new Response(), tls: { identity: byName }, host: "127.0.0.1" });
      for (const [host, status] of [
        ["x.a.test", 308],
        ["b.test", 400],
        ["a.test", 400],
      ] as const) {
        assert.equal((await exchange(running.port ?? 0, { host }, undefined)).statusCode, status);
      }
    });
  });

  interface Seen {
    readonly client: string | undefined;
    readonly port: number | undefined;
    readonly url: string;
    readonly fields: Readonly<Record<string, string>>;
    readonly certificate: string | undefined;
    readonly own: string | undefined;
    readonly hsts: string | undefined;
  }

  /** Asks a server over its own port, and tells what its handler saw. */
  async function ask(
    options: Partial<ServeOptions>,
    headers: Readonly<Record<string, string>>,
    answer: Readonly<Record<string, string>> = {},
  ): Promise<Seen> {
    await using running = await serve({
      host: "127.0.0.1",
      ...options,
      fetch: (request, context) =>
        Response.json(
          {
            client: context.client?.address,
            port: context.client?.port,
            url: request.url,
            fields: Object.fromEntries(request.headers),
            certificate: context.forwardedClient?.certificate.toString(),
            own: context.connection.tls?.client?.certificate.toString(),
          },
          { headers: answer },
        ),
    });
    const ca = options.tls === undefined ? undefined : authority.certificate;
    const response = await exchange(running.port ?? 0, { host: "a.test", ...headers }, ca);
    const hsts = response.headers["strict-transport-security"];
    return { ...(JSON.parse(await text(response)) as Omit<Seen, "hsts">), hsts };
  }

  async function exchange(
    port: number,
    headers: Readonly<Record<string, string>>,
    ca: string | undefined,
  ): Promise<IncomingMessage> {
    const options = { host: "127.0.0.1", port, path: "/path?q", headers, agent: false };
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const request = ca === undefined ? requestPlain(options) : requestSecure({ ...options, ca, servername: "a.test" });
    request.on("response", resolve).on("error", reject).end();
    return promise;
  }
});
