import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { request as requestPlain, type IncomingMessage } from "node:http";
import { request as requestSecure } from "node:https";
import { text } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import { startHaproxy, startNginx } from "@fairlead/conformance/peers";
import { serve, type ConnectionFacts, type RequestContext, type ServeOptions } from "@fairlead/server";
import { mintAuthority, mintCertificate, type Authority, type MintedIdentity } from "@fairlead/testserver/authority";

const proxyProtocol = { from: ["127.0.0.1"] };

describe("behind a load balancer", { timeout: 60_000 }, () => {
  let authority: Authority;
  let identity: MintedIdentity;
  let client: MintedIdentity;
  before(async () => {
    authority = await mintAuthority();
    identity = await mintCertificate({ issuer: authority, names: ["a.test", "127.0.0.1"] });
    client = await mintCertificate({ issuer: authority, names: ["zoe"], usage: "client" });
  });

  for (const option of ["send-proxy", "send-proxy-v2", "send-proxy-v2 proxy-v2-options crc32c"]) {
    test(`of HAProxy, ${option} says who the client is, plain and before TLS`, async () => {
      for (const isSecure of [false, true]) {
        await using server = await serving({ proxyProtocol, ...(isSecure && { tls: { identity } }) });
        await using balancer = await startHaproxy({ mode: "tcp", server: `127.0.0.1:${server.port} ${option}` });
        const { localPort } = await ask(balancer.port, isSecure ? { ca: authority.certificate } : undefined);
        const [{ connection, client: who, url }] = server.seen();
        assert.deepEqual(connection.remote, { address: "127.0.0.1", port: localPort });
        assert.deepEqual(connection.local, { address: "127.0.0.1", port: balancer.port });
        assert.notEqual(connection.proxy?.port, localPort);
        assert.equal(who?.port, localPort);
        assert.equal(url, `${isSecure ? "https" : "http"}://a.test/`);
      }
    });
  }

  test("of HAProxy, send-proxy-v2-ssl-cn says what the client's TLS was, and who it was there", async () => {
    await using server = await serving({ proxyProtocol });
    await using balancer = await startHaproxy({
      mode: "http",
      server: `127.0.0.1:${server.port} send-proxy-v2-ssl-cn`,
      identity,
      clientAuthority: authority.certificate,
    });
    const ca = authority.certificate;
    await ask(balancer.port, { ca, cert: client.certificate, key: client.privateKey });
    await ask(balancer.port, { ca });
    const [known, unknown] = server.seen();
    const { tls } = known.connection.proxyHead ?? assert.fail("no head");
    assert.equal(tls?.protocol, "TLSv1.3");
    assert.deepEqual([tls.isClientVerified, tls.clientCommonName], [true, "zoe"]);
    assert.equal(unknown?.connection.proxyHead?.tls?.isClientVerified, false);
    // It is the load balancer's word, and no TLS of ours.
    assert.equal(known.connection.tls, undefined);
    assert.equal(known.url, "https://a.test/");
  });

  test("of HAProxy, X-Forwarded fields and Client-Cert are believed, whatever the client writes", async () => {
    const forwarded = { from: ["127.0.0.1"], spelling: "x-forwarded", clientCertificates: true } as const;
    await using server = await serving({ forwarded });
    await using balancer = await startHaproxy({
      mode: "http",
      server: `127.0.0.1:${server.port}`,
      identity,
      clientAuthority: authority.certificate,
      lines: [
        "http-request set-header X-Forwarded-Proto https",
        "http-request set-header X-Forwarded-For 192.0.2.1",
        "http-request del-header X-Forwarded-Host",
        "http-request del-header Client-Cert",
        "http-request set-header Client-Cert :%[ssl_c_der,base64]: if { ssl_c_used 1 } { ssl_c_verify 0 }",
      ],
    });
    const spoof = {
      "x-forwarded-for": "192.0.2.66",
      "x-forwarded-host": "evil.example",
      forwarded: "for=192.0.2.66;host=evil.example",
      "client-cert": `:${new X509Certificate(identity.leaf).raw.toString("base64")}:`,
    };
    const ca = authority.certificate;
    await ask(balancer.port, { ca, cert: client.certificate, key: client.privateKey }, spoof);
    await ask(balancer.port, { ca }, spoof);
    const [known, unknown] = server.seen();
    for (const one of [known, unknown]) {
      assert.deepEqual([one?.client?.address, one?.url], ["192.0.2.1", "https://a.test/"]);
    }
    assert.equal(known.forwardedClient?.certificate.toString(), client.leaf);
    assert.equal(known.connection.tls, undefined);
    assert.equal(unknown?.forwardedClient, undefined);
  });

  test("of nginx, Forwarded says who the client is and what it asked for, behind what the client writes", async () => {
    await using server = await serving({ forwarded: { from: ["127.0.0.1"] }, tls: undefined });
    await using balancer = await startNginx({
      target: `http://127.0.0.1:${server.port}`,
      identity,
      lines: [
        'proxy_set_header Forwarded "$http_forwarded, for=192.0.2.1;host=\\"$http_host\\";proto=$scheme";',
        "proxy_http_version 1.1;",
      ],
    });
    for (const forwarded of ["for=192.0.2.66;host=evil.example", 'for="', "%%%", 'for=", for=192.0.2.66']) {
      await ask(balancer.port, { ca: authority.certificate }, { forwarded });
    }
    for (const { client: who, url } of server.seen()) {
      assert.deepEqual([who?.address, url], ["192.0.2.1", "https://a.test/"]);
    }
    assert.equal(server.seen().length, 4);
  });

  test("of nginx, proxy_protocol says who the client is", async () => {
    await using server = await serving({ proxyProtocol });
    await using balancer = await startNginx({
      target: `127.0.0.1:${server.port}`,
      stream: true,
      lines: ["proxy_protocol on;"],
    });
    const { localPort } = await ask(balancer.port, undefined);
    const [{ connection }] = server.seen();
    assert.deepEqual([connection.remote?.port, connection.proxyHead?.version], [localPort, 1]);
  });

  test("that is not trusted, or sends no head where one is required, nobody is served", async () => {
    for (const [from, option] of [
      ["10.0.0.1", "send-proxy-v2"],
      ["127.0.0.1", ""],
    ] as const) {
      const failures: string[] = [];
      const observers = [{ onConnectionFailure: ({ message }: Error) => failures.push(message) }];
      await using server = await serving({ proxyProtocol: { from: [from] }, observers });
      await using balancer = await startHaproxy({ mode: "tcp", server: `127.0.0.1:${server.port} ${option}` });
      await assert.rejects(ask(balancer.port, undefined));
      assert.match(failures.join(), from === "127.0.0.1" ? /there is none/ : /not trusted/);
    }
  });

  interface Seen {
    readonly connection: ConnectionFacts;
    readonly client: RequestContext["client"];
    readonly forwardedClient: RequestContext["forwardedClient"];
    readonly url: string;
  }

  async function serving(
    options: Partial<ServeOptions>,
  ): Promise<AsyncDisposable & { readonly port: string; readonly seen: () => [Seen, ...Seen[]] }> {
    const seen: Seen[] = [];
    const running = await serve({
      host: "127.0.0.1",
      ...options,
      fetch: ({ url }, { connection, client: who, forwardedClient }) => {
        seen.push({ connection, client: who, forwardedClient, url });
        return new Response("hello");
      },
    });
    return {
      port: String(running.port),
      seen: () => {
        const [first, ...more] = seen;
        return [first ?? assert.fail("nothing came"), ...more];
      },
      [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
    };
  }

  /** Asks for `/` of a.test. @returns the port that was asked from. */
  async function ask(
    port: number,
    tls: { readonly ca: string; readonly cert?: string; readonly key?: string } | undefined,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly localPort: number | undefined }> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const options = { host: "127.0.0.1", port, headers: { host: "a.test", ...headers }, agent: false };
    const request =
      tls === undefined ? requestPlain(options) : requestSecure({ ...options, ...tls, servername: "a.test" });
    request.on("response", resolve).on("error", reject).end();
    const response = await promise;
    const { localPort } = response.socket;
    assert.equal(await text(response), "hello");
    return { localPort };
  }
});
