import { PolicyError, TimeoutError, TlsError, UsageError } from "@fairlead/core";
import type { ConnectionFacts } from "@fairlead/access";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import type { TlsBackend } from "@fairlead/tls";
import { dtlsEndpoint } from "@fairlead/tls/datagram";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import { openUdp, type DatagramPath } from "@fairlead/transport";
import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { networkFixture } from "../network-fixture.ts";

const psk = { identity: "device", key: Buffer.from("not-a-secret-key") };
const backends: readonly TlsBackend[] = [loadOpensslTls(), loadGnutlsTls()];

describe("A manager's paths for datagrams", () => {
  const fixture = networkFixture();
  const at = (service: Parameters<typeof fixture.network.service>[0], scheme = "coaps", host = "a.fairlead.test") =>
    `${scheme}://${host}:${String(fixture.network.service(service).port)}/ignored`;

  for (const datagrams of backends) {
    describe(`by ${datagrams.name}`, () => {
      test("are secured by a certificate of its trust, at the name that the URL has", async () => {
        await using manager = await fixture.open({ tls: { datagrams } });
        const path = await manager.connectDatagrams(at("dtls-echo"));
        assert.equal(String(await ask(path, "question")), "question");
      });

      test("are secured by a key that is given with the connection", async () => {
        await using manager = await fixture.open({ tls: { datagrams: async () => datagrams } });
        const path = await manager.connectDatagrams(at("dtls-echo-psk"), { psk });
        assert.equal(String(await ask(path, "question")), "question");
      });

      test("are secured where a server leaves out its intermediate, by one that the manager has, which is told", async () => {
        const intermediate = await mintAuthority({ issuer: fixture.network.ca });
        const { leaf, privateKey } = await mintCertificate({ issuer: intermediate, names: ["a.fairlead.test"] });
        await using server = dtlsEndpoint(await openUdp(), {
          backend: datagrams,
          accept: { identity: { certificate: leaf, privateKey } },
          onSession: () => undefined,
        });
        const url = `coaps://a.fairlead.test:${String(server.address.port)}`;
        await using unaware = await fixture.open({ tls: { datagrams } });
        await assert.rejects(unaware.connectDatagrams(url), { code: "CERTIFICATE_ISSUER_UNKNOWN" });
        const preloaded = [intermediate.certificate];
        await using manager = await fixture.open({ tls: { datagrams, intermediates: { preloaded } } });
        const repairs: unknown[] = [];
        manager.observe({ connectionOpened: ({ tls }) => repairs.push(tls?.repairedFrom) });
        (await manager.connectDatagrams(url)).close();
        assert.deepEqual(repairs, ["preloaded"]);
      });

      for (const [service, code] of [
        ["dtls-expired", "CERTIFICATE_EXPIRED"],
        ["dtls-wrong-host", "CERTIFICATE_HOST_MISMATCH"],
        ["dtls-untrusted-root", "CERTIFICATE_ISSUER_UNKNOWN"],
      ] as const) {
        test(`are refused to ${service}`, async () => {
          await using manager = await fixture.open({ tls: { datagrams } });
          await assert.rejects(manager.connectDatagrams(at(service)), (error) => {
            assert.ok(error instanceof TlsError);
            assert.equal(error.code, code);
            return true;
          });
        });
      }
    });
  }

  for (const [port, urls] of [
    ["5683", ["coap://a.fairlead.test", "coap://a.fairlead.test:5683"]],
    ["5684", ["coaps://a.fairlead.test", "coaps://a.fairlead.test:5684"]],
  ] as const) {
    test(`are of an origin with its port, also where that is the default one (${port})`, async () => {
      for (const url of urls) {
        const origins: unknown[] = [];
        await using manager = await fixture.open({
          lookup: (_host, _options, done) => done(new Error("no such name"), "", 4),
          tls: { datagrams: loadOpensslTls() },
        });
        manager.observe({ connectionFailed: (_error, origin) => origins.push(origin) });
        await assert.rejects(manager.connectDatagrams(url));
        assert.deepEqual(origins, [`${url.split("/")[0] ?? ""}//a.fairlead.test:${port}`]);
      }
    });
  }

  test("are in the clear for coap:, and tell of an address that nobody listens at", async () => {
    await using server = await openUdp();
    server.on("message", (bytes, from) => server.send(bytes, from));
    await using manager = await fixture.open();
    const path = await manager.connectDatagrams(`coap://a.fairlead.test:${String(server.address.port)}`);
    assert.equal(String(await ask(path, "question")), "question");
    await server.close();
    const unreachable = once(path, "unreachable");
    path.send(Buffer.from("question"));
    assert.equal((await unreachable).length, 1);
  });

  test("need a backend that has datagrams", async () => {
    await using manager = await fixture.open();
    await assert.rejects(manager.connectDatagrams(at("dtls-echo")), {
      code: "TLS_OPTION_UNSUPPORTED",
      message: /tls: \{ datagrams/,
    });
  });

  test("go on at the next address of a name when nobody answers at the first", async () => {
    const lookup = (
      _: string,
      __: unknown,
      done: (error: null, found: { address: string; family: number }[]) => void,
    ) =>
      done(null, [
        { address: "127.0.0.9", family: 4 },
        { address: "127.0.0.1", family: 4 },
      ]);
    await using manager = await fixture.open({ lookup, tls: { datagrams: loadOpensslTls() } });
    const path = await manager.connectDatagrams(at("dtls-echo"));
    assert.equal(String(await ask(path, "question")), "question");
  });

  for (const [name, proxy] of [
    ["a proxy", "http://proxy.invalid:3128"],
    ["a function that answers with one", () => "socks5://proxy.invalid"],
    ["a script that answers with one", { pacScript: 'function FindProxyForURL() { return "PROXY p.invalid:1"; }' }],
  ] as const) {
    test(`do not leave past ${name}: PolicyError DATAGRAMS_NEED_DIRECT, and no name is looked up`, async () => {
      let lookups = 0;
      const lookup = (...[, , done]: Parameters<NonNullable<(typeof fixture.network)["lookup"]>>): void => {
        lookups += 1;
        done(null, "127.0.0.1", 4);
      };
      await using manager = await fixture.open({ proxy, lookup, tls: { datagrams: loadOpensslTls() } });
      for (const url of ["coap://device.example", "coaps://device.example"]) {
        await assert.rejects(manager.connectDatagrams(url), (error) => {
          assert.ok(error instanceof PolicyError);
          assert.equal(error.code, "DATAGRAMS_NEED_DIRECT");
          return true;
        });
      }
      assert.equal(lookups, 0);
    });
  }

  test("leave where the proxy setting lets this URL go directly, and it is asked about the URL", async () => {
    const asked: string[] = [];
    const proxy = ({ url }: { readonly url: string }): "none" => {
      asked.push(url);
      return "none";
    };
    await using manager = await fixture.open({ proxy, tls: { datagrams: loadOpensslTls() } });
    const path = await manager.connectDatagrams(at("dtls-echo"));
    assert.equal(String(await ask(path, "question")), "question");
    assert.deepEqual(asked, [at("dtls-echo").replace("ignored", "")]);
  });

  test("end with the manager, and none begins behind its end", async () => {
    const manager = await fixture.open({ tls: { datagrams: loadOpensslTls() } });
    const path = await manager.connectDatagrams(at("dtls-echo"));
    const closed = once(path, "close");
    await manager.close();
    assert.deepEqual(await closed, [undefined]);
    await assert.rejects(manager.connectDatagrams(at("dtls-echo")), { code: "MANAGER_CLOSED" });
  });

  test("are given up by signal, at the deadline, and when the manager is destroyed", async () => {
    await using silent = await openUdp();
    const url = `coaps://a.fairlead.test:${String(silent.address.port)}`;
    const manager = await fixture.open({ timeouts: { secure: 50 }, tls: { datagrams: loadOpensslTls() } });
    const reason = new Error("no longer wanted");
    await assert.rejects(manager.connectDatagrams(url, { signal: AbortSignal.abort(reason) }), reason);
    await assert.rejects(manager.connectDatagrams(url), (error) => {
      assert.ok(error instanceof TimeoutError);
      assert.equal(error.phase, "secure");
      return true;
    });
    const hearsHello = once(silent, "message");
    const connecting = assert.rejects(manager.connectDatagrams(url), reason);
    await hearsHello;
    await manager.destroy(reason);
    await connecting;
  });

  test("are told of to observers, with what DTLS gave", async () => {
    await using manager = await fixture.open({ tls: { datagrams: loadOpensslTls() } });
    const told: unknown[] = [];
    manager.observe({
      connectionOpened: ({ tls, remoteAddress }: ConnectionFacts, origin) =>
        told.push(["opened", origin, remoteAddress, tls?.protocol, tls?.authorized, tls?.backend]),
      connectionClosed: (_, origin) => told.push(["closed", origin]),
      connectionFailed: (error, origin) => told.push(["failed", (error as TlsError).code, origin]),
    });
    const path = await manager.connectDatagrams(at("dtls-echo"));
    path.close();
    await assert.rejects(manager.connectDatagrams(at("dtls-expired")));
    const [good, expired] = (["dtls-echo", "dtls-expired"] as const).map((name) => at(name).replace("/ignored", ""));
    assert.deepEqual(told, [
      ["opened", good, "127.0.0.1", "DTLSv1.2", true, "openssl"],
      ["closed", good],
      ["failed", "CERTIFICATE_EXPIRED", expired],
    ]);
    assert.equal(manager.counters().connections.opened, 1);
  });

  for (const [url, code] of [
    ["coaps://user:secret@device.example", "URL_USER_INFORMATION"],
    ["https://device.example", "URL_SCHEME_UNKNOWN"],
    ["coap:///path", "URL_INVALID"],
    ["coap://device.example:0", "URL_INVALID"],
    ["coap://a%2fb", "URL_INVALID"],
    ["device.example", "URL_INVALID"],
  ] as const) {
    test(`are refused for ${url.replace("secret", "…")}`, async () => {
      await using manager = await fixture.open();
      await assert.rejects(manager.connectDatagrams(url), (error) => {
        assert.ok(error instanceof UsageError);
        assert.equal(error.code, code);
        assert.ok(!error.message.includes("secret"));
        return true;
      });
    });
  }
});

async function ask(path: DatagramPath, question: string): Promise<unknown> {
  const answered = once(path, "message");
  path.send(Buffer.from(question));
  return (await answered)[0];
}
