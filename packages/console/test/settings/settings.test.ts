import { openNetworkAccessManager } from "@fairlead/access";
import { type Authority, mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import { nodeTls } from "@fairlead/tls/node";
import {
  decideChange,
  defaultChoice,
  type OfferedTls,
  type TlsChange,
  type TlsChoice,
} from "@fairlead/widgets/tls-settings";
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import { after, before, describe, test } from "node:test";
import type { ConsoleSettings, SettingsPage } from "../../src/protocol/index.ts";
import { defaultSettings } from "../../src/settings/default-settings.ts";
import { managerOptions, type SettingsMeans } from "../../src/settings/manager-options.ts";
import { offeredBackend } from "../../src/settings/offered-backend.ts";
import { readSettings } from "../../src/settings/read-settings.ts";

let authority: Authority;
let offered: SettingsPage["offered"];
let settings: ConsoleSettings;
let means: SettingsMeans;
let server: Server;
let url: string;

before(async () => {
  authority = await mintAuthority();
  const { certificate, privateKey } = await mintCertificate({ issuer: authority, names: ["127.0.0.1"] });
  server = createServer({ cert: certificate, key: privateKey }, (_request, response) => response.end("{}"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  url = `https://127.0.0.1:${address.port.toString()}/`;
  const backend = await offeredBackend(nodeTls);
  assert.ok(backend.available);
  const { fingerprint256, subject, validToDate } = new X509Certificate(authority.certificate);
  const fingerprint = fingerprint256.replaceAll(":", "").toLowerCase();
  const tls: OfferedTls = {
    backends: [backend],
    authorities: [{ fingerprint, subject, notAfter: validToDate.toISOString() }],
    identities: [],
  };
  offered = { tls, stores: [{ id: "memory", description: "memory", isKept: false }] };
  const own: TlsChoice = { ...defaultChoice(backend), anchors: { type: "own", fingerprints: [fingerprint] } };
  settings = defaultSettings(own, "memory");
  means = {
    backend: (name) => (name === nodeTls.name ? nodeTls : undefined),
    authority: (each) => (each === fingerprint ? authority.certificate : undefined),
    identity: () => undefined,
  };
});

after(() => {
  server.close();
  server.closeAllConnections();
});

describe("settings", () => {
  test("come through JSON as they went", () => {
    assert.deepEqual(readSettings(JSON.parse(JSON.stringify(settings)), offered), settings);
  });

  test("are refused, with the name of what is wrong, where one of them is of another kind or not offered", () => {
    const { tls, timeouts } = settings;
    const wrong: readonly (readonly [change: object, name: RegExp])[] = [
      [{ store: "other" }, /store/],
      [{ http2: "yes" }, /http2/],
      [{ redirect: "follow" }, /redirect/],
      [{ proxy: { type: "url", url: "ftp://a" } }, /proxy\.url/],
      [{ proxy: { type: "url", url: "http://user:password@a:1" } }, /proxy\.url/],
      [{ proxy: { type: "pac", url: "file:///etc/passwd" } }, /proxy\.url/],
      [{ proxy: { type: "url", url: "x".repeat(5_000) } }, /proxy\.url/],
      [{ timeouts: { ...timeouts, connect: null } }, /timeouts\.connect/],
      [{ timeouts: { ...timeouts, total: Number.NaN } }, /timeouts\.total/],
      [{ dangerous: {} }, /sendSecretsInTheClear/],
      [{ tls: { ...tls, backend: "gnutls" } }, /backend-missing/],
      [{ tls: { ...tls, minVersion: "TLSv1" } }, /tls\.minVersion/],
      [{ tls: { ...tls, groups: ["x"] } }, /tls\.groups/],
      [{ tls: { ...tls, pins: ["x"] } }, /pin-malformed/],
      [{ tls: { ...tls, minVersion: "TLSv1.3", maxVersion: "TLSv1.2" } }, /versions-crossed/],
    ];
    for (const [change, name] of wrong) {
      assert.throws(() => readSettings({ ...settings, ...change }, offered), { code: "OPTION_INVALID", message: name });
    }
    for (const given of [undefined, null, [], "x", {}]) {
      assert.throws(() => readSettings(given, offered), { code: "OPTION_INVALID" });
    }
  });

  test("take nothing over that they do not know", () => {
    const read = readSettings({ ...settings, unix: "/run/docker.sock" }, offered);
    assert.deepEqual(Object.keys(read).sort(), Object.keys(settings).sort());
  });

  test("of each kind that a person can reach open a manager that connects by them", async () => {
    const changes: readonly TlsChange[] = [
      { type: "preset", preset: "modern" },
      { type: "min-version", version: "TLSv1.2" },
      { type: "max-version", version: "TLSv1.2" },
      { type: "groups", groups: ["secp256r1"] },
      { type: "ciphers", ciphers: ["CHACHA20_POLY1305", "AES_128_GCM"] },
      { type: "max-version", version: "TLSv1.3" },
      { type: "groups", groups: ["X25519MLKEM768"] },
      { type: "accept-any-certificate", isOn: true },
      { type: "preset", preset: "compatible" },
    ];
    let { tls } = settings;
    for (const change of changes) {
      const decision = decideChange(tls, change, offered.tls);
      assert.notEqual(decision.type, "refused", change.type);
      if (decision.type === "refused") continue;
      tls = decision.choice;
      await using manager = await openNetworkAccessManager(managerOptions({ ...settings, tls }, means));
      const reply = await manager.request(url);
      await reply.bytes();
      const facts = reply.transaction.hops[0]?.tls;
      assert.ok(facts?.protocol !== undefined && facts.protocol >= tls.minVersion && facts.protocol <= tls.maxVersion);
    }
  });

  test("put what is dangerous under that name", () => {
    const dangerous = { acceptAnyCertificate: true, acceptPinnedKeyAlone: true, logKeys: true };
    const pins = [`${"A".repeat(43)}=`];
    const options = managerOptions(
      {
        ...settings,
        tls: { ...settings.tls, pins, dangerous },
        dangerous: { sendSecretsInTheClear: true },
      },
      { ...means, onKeyLog: () => undefined },
    );
    assert.equal(options.tls?.dangerous?.acceptAnyCertificate, true);
    assert.equal(typeof options.tls.dangerous.onKeyLog, "function");
    const { trust } = options.tls;
    assert.ok(trust?.type === "pinned" && trust.dangerous?.acceptPinnedKeyAlone === true);
    assert.equal(options.authentication?.dangerous?.sendSecretsInTheClear, true);
    assert.deepEqual(managerOptions(settings, means).tls?.dangerous, {});
  });
});
