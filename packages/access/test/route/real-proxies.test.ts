import { TransportError } from "@fairlead/core";
import { ntlm, transactionOf, type AuthenticationQuestion, type NetworkAccessManager } from "@fairlead/access";
import type { TlsBackend } from "@fairlead/tls";
import assert from "node:assert/strict";
import type { LookupFunction } from "node:net";
import { after, before, describe, test } from "node:test";
import { inspect } from "node:util";
import { networkFixture } from "../network-fixture.ts";
import {
  MEMBER,
  MEMBER_USERINFO,
  startDante,
  startMicrosocks,
  startSquid,
  startTinyproxy,
  type Squid,
  unusedPort,
  type Program,
} from "@fairlead/conformance/peers";
import { tlsBackends } from "../tls-backends.ts";

const fixture = networkFixture();

/** Names that this machine was asked for. */
const asked: string[] = [];
const lookup: LookupFunction = (host, options, callback) => {
  asked.push(host);
  fixture.network.lookup(host, options, callback);
};

function open(proxy: string | readonly string[], backend?: TlsBackend): Promise<NetworkAccessManager> {
  asked.length = 0;
  return fixture.open({ proxy, lookup, ...(backend && { tls: { backend } }) });
}

/** Asks for a page and tells what the origin saw of it. */
async function askThrough(
  manager: NetworkAccessManager,
  url: string,
): Promise<{ readonly status: number; readonly route: readonly string[]; readonly repeats: readonly string[] }> {
  const reply = await manager.request(url, { method: "POST", body: "hello" });
  const text = await reply.text();
  if (reply.status === 200) {
    const echo = JSON.parse(text) as { readonly headers: Record<string, unknown>; readonly url: string };
    assert.ok(!("proxy-authorization" in echo.headers), "what proxies are told is nobody else's");
  }
  const [hop] = transactionOf(reply)?.hops ?? [];
  assert.ok(hop);
  return { status: reply.status, route: hop.route, repeats: hop.repeats };
}

function urls(host = "localhost"): readonly string[] {
  const { network } = fixture;
  return [`http://${host}:${String(network.http.port)}/echo`, `https://${host}:${String(network.https.port)}/echo`];
}

describe("squid", () => {
  let squid: Squid;
  before(async () => {
    squid = await startSquid(fixture.network.ca);
  });
  after(() => squid[Symbol.asyncDispose]());

  for (const backend of tlsBackends) {
    test(`leads to http and https origins, in the clear and over TLS, with ${backend.name}`, async () => {
      for (const proxy of [`http://127.0.0.1:${String(squid.port)}`, `https://localhost:${String(squid.securePort)}`]) {
        await using manager = await open(proxy, backend);
        for (const url of urls("a.fairlead.test")) {
          assert.deepEqual(await askThrough(manager, url), { status: 200, route: [proxy], repeats: [] });
        }
        assert.ok(!asked.includes("a.fairlead.test"), "the origin's name is the proxy's to resolve");
      }
    });
  }

  test("its certificate is verified, as everybody's", async () => {
    const { otherCa } = fixture.network;
    const proxy = `https://localhost:${String(squid.securePort)}`;
    await using manager = await fixture.open({
      proxy,
      tls: {
        trust: { type: "anchors", certificates: [otherCa.certificate] },
        dangerous: { acceptAnyCertificate: true },
      },
    });
    for (const url of urls()) {
      const error: unknown = await manager.request(url).catch((error: unknown) => error);
      assert.ok(error instanceof TransportError);
      assert.equal(error.code, "PROXY_UNREACHABLE");
      assert.equal(error.peer, proxy.slice("https://".length));
      assert.match(error.message, /link 1 of 1: CERTIFICATE_ISSUER_UNKNOWN/);
    }
  });
});

describe("who asks", () => {
  for (const way of ["basic", "digest", "basic-and-digest"] as const) {
    test(`squid is told by ${way}: for its own requests and for tunnels`, async () => {
      await using squid = await startSquid(fixture.network.ca, way);
      for (const place of [`http://127.0.0.1:${String(squid.port)}`, `https://localhost:${String(squid.securePort)}`]) {
        await using manager = await open(place.replace("://", `://${MEMBER_USERINFO}@`));
        const [http = "", https = ""] = urls();
        const repeats = ["proxy-authentication"];
        assert.deepEqual(await askThrough(manager, http), { status: 200, route: [place], repeats });
        assert.deepEqual(await askThrough(manager, https), { status: 200, route: [place], repeats: [] });
      }
    });
  }

  test("without a word of the member the proxy's 407 is the answer to http, and no https tunnel opens", async () => {
    await using squid = await startSquid(fixture.network.ca, "basic");
    for (const userinfo of ["", "me:guess@"]) {
      await using manager = await open(`http://${userinfo}127.0.0.1:${String(squid.port)}`);
      const [http = "", https = ""] = urls();
      assert.equal((await askThrough(manager, http)).status, 407);
      const error: unknown = await manager.request(https).catch((error: unknown) => error);
      assert.ok(error instanceof TransportError);
      assert.equal(error.code, "PROXY_AUTHENTICATION_REQUIRED");
      assert.equal(error.peer, `127.0.0.1:${String(squid.port)}`);
      assert.doesNotMatch(inspect(error, { depth: 9 }), /guess/);
    }
  });

  test("the application is asked once, whether for a request or a tunnel, and never for another partition", async () => {
    await using squid = await startSquid(fixture.network.ca, "digest");
    const proxy = `http://127.0.0.1:${String(squid.port)}`;
    const questions: AuthenticationQuestion[] = [];
    await using manager = await fixture.open({
      proxy,
      onAuthenticate: (question) => {
        questions.push(question);
        // The first answer is wrong.
        return { type: "password", ...MEMBER, ...(question.tried.length === 0 && { password: "guess" }) };
      },
    });
    const [http = "", https = ""] = urls();
    const all = await Promise.all([https, http, https].map((url) => askThrough(manager, url)));
    assert.deepEqual(
      all.map(({ status }) => status),
      [200, 200, 200],
    );
    assert.deepEqual(
      questions.map(({ role, origin, realm, scheme, tried }) => [role, origin, realm, scheme, tried.length]),
      [
        ["proxy", proxy, "a proxy", "digest", 0],
        ["proxy", proxy, "a proxy", "digest", 1],
      ],
    );
    await (await manager.request(http, { partition: "https://site.example" })).bytes();
    assert.equal(questions.at(-1)?.partition, "https://site.example");
  });

  test("nobody is asked for a password that everybody could read", async () => {
    await using squid = await startSquid(fixture.network.ca, "basic");
    await using manager = await fixture.open({
      proxy: `http://127.0.0.1:${String(squid.port)}`,
      onAuthenticate: () => assert.fail("nobody is to be asked"),
    });
    for (const url of urls()) await assert.rejects(manager.request(url), { code: "AUTHENTICATION_REFUSED" });
  });

  test("NTLM is spoken on the connection that it authenticates", async () => {
    await using squid = await startSquid(fixture.network.ca, "ntlm");
    await using manager = await fixture.open({
      proxy: `http://${MEMBER_USERINFO}@127.0.0.1:${String(squid.port)}`,
      authentication: { connectionBound: [ntlm] },
    });
    for (const url of urls()) {
      for (let count = 0; count < 2; count += 1) assert.equal((await askThrough(manager, url)).status, 200);
    }
  });

  test("tinyproxy is told by Basic", async () => {
    await using proxy = await startTinyproxy({ asks: true });
    await using manager = await open(`http://me:secret@127.0.0.1:${String(proxy.port)}`);
    for (const url of urls()) assert.equal((await askThrough(manager, url)).status, 200);
  });

  test("microsocks is told name and password, and says no to others", async () => {
    await using proxy = await startMicrosocks({ asks: true });
    await using manager = await open(`socks5://${MEMBER_USERINFO}@127.0.0.1:${String(proxy.port)}`);
    for (const url of urls()) assert.equal((await askThrough(manager, url)).status, 200);
    await using stranger = await open(`socks5://127.0.0.1:${String(proxy.port)}`);
    await assert.rejects(stranger.request(urls()[0] ?? ""), { code: "PROXY_AUTHENTICATION_REQUIRED" });
  });
});

describe("SOCKS and chains", () => {
  let dante: Program;
  let microsocks: Program;
  let tinyproxy: Program;
  let squid: Squid;
  before(async () => {
    [dante, microsocks, tinyproxy, squid] = await Promise.all([
      startDante(),
      startMicrosocks({ asks: false }),
      startTinyproxy({ asks: false }),
      startSquid(fixture.network.ca),
    ]);
  });
  after(async () => {
    for (const program of [dante, microsocks, tinyproxy, squid]) await program[Symbol.asyncDispose]();
  });

  test("no name is looked up here that is behind SOCKS 5", async () => {
    for (const program of [dante, microsocks]) {
      await using manager = await open(`socks5://127.0.0.1:${String(program.port)}`);
      for (const url of urls()) assert.equal((await askThrough(manager, url)).status, 200);
      assert.deepEqual(asked, []);
    }
  });

  test("SOCKS 4 leads to addresses", async () => {
    // Dante does not know the names of 4a.
    await using manager = await open(`socks4://127.0.0.1:${String(dante.port)}`);
    for (const url of urls("127.0.0.1")) assert.equal((await askThrough(manager, url)).status, 200);
  });

  test("chains of two and three lead on, whatever each link speaks", async () => {
    const socks = `socks5://127.0.0.1:${String(dante.port)}`;
    const other = `socks5://127.0.0.1:${String(microsocks.port)}`;
    const plain = `http://127.0.0.1:${String(tinyproxy.port)}`;
    const secure = `https://localhost:${String(squid.securePort)}`;
    const chains = [
      [socks, other],
      [socks, plain],
      [plain, secure],
      [secure, socks],
      [secure, secure],
      [socks, secure, plain],
      [plain, other, secure],
      [secure, plain, other],
    ];
    for (const chain of chains) {
      await using manager = await open(chain);
      for (const url of urls()) {
        assert.deepEqual(await askThrough(manager, url), { status: 200, route: chain, repeats: [] });
      }
      assert.deepEqual(asked, chain[0] === secure ? ["localhost"] : []);
    }
  });

  test("the link that fails is named", async () => {
    const nobody = await unusedPort();
    const first = `socks5://127.0.0.1:${String(microsocks.port)}`;
    const cases: [chain: string[], code: string, peer: string, message: RegExp][] = [
      [[`http://127.0.0.1:${String(nobody)}`], "PROXY_UNREACHABLE", `127.0.0.1:${String(nobody)}`, /link 1 of 1/],
      [
        [first, `http://127.0.0.1:${String(nobody)}`],
        "CONNECTION_REFUSED",
        `127.0.0.1:${String(microsocks.port)}`,
        new RegExp(`asked for 127\\.0\\.0\\.1:${String(nobody)}`),
      ],
      [
        [first, `https://127.0.0.1:${String(fixture.network.service("tcp-close").port)}`],
        "PROXY_UNREACHABLE",
        `127.0.0.1:${String(fixture.network.service("tcp-close").port)}`,
        /link 2 of 2/,
      ],
      [
        [first, `socks5://127.0.0.1:${String(fixture.network.service("tcp-echo").port)}`],
        "PROXY_ANSWER_INVALID",
        `127.0.0.1:${String(fixture.network.service("tcp-echo").port)}`,
        /does not speak SOCKS 5/,
      ],
    ];
    for (const [chain, code, peer, message] of cases) {
      await using manager = await open(chain);
      const error: unknown = await manager.request(urls()[1] ?? "").catch((error: unknown) => error);
      assert.ok(error instanceof TransportError);
      assert.deepEqual([error.code, error.peer], [code, peer]);
      assert.match(error.message, message);
    }
  });
});
