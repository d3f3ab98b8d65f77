import type { CaptivePortal, ConnectivityState } from "@fairlead/access";
import type { ServiceName } from "@fairlead/testserver";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "../network-fixture.ts";
import { answering, scriptedServer, type ScriptedServer } from "../scripted-server.ts";
import { connected } from "./connected.ts";

const fixture = networkFixture();

const NOTHING_SAID = {
  url: undefined,
  secondsRemaining: undefined,
  bytesRemaining: undefined,
  venueInfoUrl: undefined,
  canExtendSession: false,
} satisfies Omit<CaptivePortal, "source">;

/** What one check finds. */
async function check(
  settings: Parameters<typeof connected>[0],
): Promise<readonly [ConnectivityState, CaptivePortal | undefined]> {
  await using manager = await fixture.open(connected(settings));
  return [await manager.connectivity.check(), manager.connectivity.portal];
}

describe("a probe", () => {
  const table: readonly (readonly [path: string, state: ConnectivityState, source?: "redirect" | "response"])[] = [
    ["/probe/online", "online"],
    ["/probe/empty", "online"],
    ["/probe/page", "portal", "response"],
    ["/probe/511", "portal", "response"],
    ["/probe/elsewhere", "portal", "redirect"],
    ["/status/300", "portal", "redirect"],
    ["/probe/busy", "local"],
    ["/probe/error", "local"],
    ["/probe/missing", "local"],
    ["/status/407", "local"],
    ["/reset/headers", "local"],
    ["/malformed/no-such-endpoint", "local"],
    // More than anybody waits for: it is known after the first byte.
    ["/bytes/16777216", "portal", "response"],
    // The length says that there is content, and none comes.
    ["/stall/body?after=1", "portal", "response"],
  ];
  for (const [path, state, source] of table) {
    test(`${path}: ${state}`, async () => {
      const found = await check({ probeUrl: fixture.network.http.origin + path });
      assert.deepEqual(found, [state, source && { ...NOTHING_SAID, source }]);
    });
  }

  test("a redirect says where the portal is", async () => {
    const [state, portal] = await check({ probeUrl: `${fixture.network.http.origin}/probe/redirect` });
    const url = `https://localhost:${String(fixture.network.https.port)}/portal/page`;
    assert.deepEqual([state, portal], ["portal", { ...NOTHING_SAID, url, source: "redirect" }]);
  });

  const locations: readonly (readonly [location: string, url: string | undefined])[] = [
    ["/login?a=b", "ORIGIN/login?a=b"],
    ["//portal.test/", "http://portal.test/"],
    ["https://www.bank.test@portal.test/", "https://portal.test/"],
    ["javascript:alert(1)", undefined],
    ["file:///etc/passwd", undefined],
    ["http://", undefined],
  ];
  for (const [location, expected] of locations) {
    test(`a portal at ${location}`, async () => {
      await using server = await redirecting(location);
      const [state, portal] = await check({ probeUrl: `${server.origin}/generate_204` });
      assert.equal(state, "portal");
      assert.equal(portal?.url, expected?.replace("ORIGIN", server.origin));
    });
  }

  for (const [what, head] of [
    ["says nothing", ""],
    ["sends half a head", "HTTP/1.1 204 No"],
    ["sends interim responses", "HTTP/1.1 103 Early Hints\r\n\r\n"],
    ["promises content and sends none", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"],
  ] as const) {
    test(`a server that ${what} is not waited for: no verdict`, async () => {
      await using server = await scriptedServer(answering(() => head));
      assert.deepEqual(await check({ probeUrl: server.origin, timeoutMilliseconds: 50 }), ["local", undefined]);
    });
  }

  test("a redirect is known at its head, whether its body comes or not", async () => {
    const head = "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 9\r\n\r\n";
    await using server = await scriptedServer(answering(() => head));
    assert.equal((await check({ probeUrl: server.origin }))[0], "portal");
  });

  test("nobody listens, and nobody has the name: no verdict", async () => {
    assert.equal((await check({ probeUrl: "http://127.0.0.1:1/" }))[0], "local");
    assert.equal((await check({ probeUrl: "http://nobody.example/" }))[0], "local");
  });
});

describe("the API of a captive portal, RFC 8908", () => {
  const api = (query = ""): string => `https://localhost:${String(fixture.network.https.port)}/portal/api${query}`;
  const say = async (then: "enter" | "leave"): Promise<void> => {
    await using manager = await fixture.open();
    (await manager.request(`${fixture.network.http.origin}/portal/page?then=${then}`)).discard();
  };

  test("section 5: captive, with the portal's URL", async () => {
    await say("leave");
    const [state, portal] = await check({ apiUrl: api("?seconds=5") });
    const page = `https://localhost:${String(fixture.network.https.port)}/portal/page`;
    const said = { ...NOTHING_SAID, url: page, venueInfoUrl: page, canExtendSession: true };
    assert.deepEqual([state, portal], ["portal", { ...said, source: "api" }]);
  });

  test("section 5: not captive any more, with what is left of the session", async () => {
    await say("enter");
    const [state, portal] = await check({ apiUrl: api("?seconds=5&bytes=4294967297") });
    assert.equal(state, "online");
    assert.deepEqual([portal?.secondsRemaining, portal?.bytesRemaining], [5, 4_294_967_297]);
  });

  test("it says captive, and the probe passes: a portal lets some probes pass", async () => {
    await say("leave");
    const probeUrl = `${fixture.network.http.origin}/probe/online`;
    const [state, portal] = await check({ probeUrl, apiUrl: api() });
    assert.deepEqual([state, portal?.source], ["portal", "api"]);
  });

  for (const [outcome, expected] of [
    ["page", "portal"],
    ["online", "online"],
    ["error", "local"],
  ] as const) {
    test(`it lets the client out, and the probe says ${outcome}: ${expected}`, async () => {
      await say("enter");
      const probeUrl = `${fixture.network.http.origin}/probe/${outcome}`;
      assert.equal((await check({ probeUrl, apiUrl: () => api() }))[0], expected);
    });
  }

  test("it cannot be asked, and the probe decides", async () => {
    const probeUrl = `${fixture.network.http.origin}/probe/online`;
    for (const apiUrl of ["https://127.0.0.1:1/", (): undefined => undefined, (): string => "no URL"]) {
      assert.equal((await check({ probeUrl, apiUrl }))[0], "online");
    }
  });

  const of = (service: ServiceName, path = "/portal/api"): string =>
    `https://localhost:${String(fixture.network.service(service).port)}${path}`;
  for (const listener of ["https-expired", "https-wrong-host", "https-self-signed", "https-untrusted-root"] as const) {
    test(`section 4.1: ${listener} says nothing, whatever the application let in`, async () => {
      for (const options of [
        { onCertificateError: () => ({ type: "accept", remember: true }) as const },
        { tls: { dangerous: { acceptAnyCertificate: true } } },
      ]) {
        await using manager = await fixture.open({ ...connected({ apiUrl: of(listener) }), ...options });
        // The application does let it in.
        assert.equal((await manager.request(of(listener))).status, 200);
        assert.equal(await manager.connectivity.check(), "local");
        assert.equal(manager.connectivity.portal, undefined);
      }
    });
  }

  test("neither does what is not its document, or too long, or elsewhere", async () => {
    for (const path of ["/json", "/bytes/100000", "/status/404", "/redirect/302?to=/portal/api", "/compress/gzip"]) {
      assert.deepEqual(await check({ apiUrl: of("https", path) }), ["local", undefined], path);
    }
  });

  test("it is not waited for longer than for a probe", async () => {
    const apiUrl = `https://localhost:${String(fixture.network.service("tcp-silent").port)}/`;
    assert.deepEqual(await check({ apiUrl, timeoutMilliseconds: 50 }), ["local", undefined]);
  });

  test("it is asked on a connection of its own each time: one that is kept may be another network's", async () => {
    await say("leave");
    const accepted = (): number => fixture.network.service("https-h2").connections.accepted;
    const before = accepted();
    await using manager = await fixture.open(connected({ apiUrl: of("https-h2") }));
    for (let count = 0; count < 3; count += 1) assert.equal(await manager.connectivity.check(), "portal");
    assert.equal(accepted() - before, 3);
  });
});

async function redirecting(location: string): Promise<ScriptedServer> {
  const head = `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`;
  return scriptedServer(answering(() => head));
}
