import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { alertByLabel } from "../../src/handmade-tls/protocol/code-points.ts";
import { mintCertificate } from "../../src/authority/authority.ts";
import { sharedKey } from "../../src/services/tls/ciphers.ts";
import { handshakeServices } from "../../src/services/tls/index.ts";
import { describeServices, type OutsideCheck, type ServiceCheck } from "../describe-services.ts";
import type { Outcome } from "../outside.ts";
import { assertSays, refused } from "./tls-checks.ts";

const request = "GET /echo HTTP/1.0\r\n\r\n";
const weak = ["-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"] as const;

/** `openssl s_client` with one request; it stays until the answer, or until the connection ends. */
async function ask({ sClient }: ServiceCheck, ...arguments_: readonly string[]): Promise<Outcome> {
  return await sClient(["-ign_eof", ...arguments_], { input: request });
}

/** `openssl s_client` gets an answer with these options, and what it tells matches; without the others, it does not. */
function only(with_: readonly string[], tells: RegExp, without: readonly string[]): OutsideCheck {
  return {
    by: ["openssl"],
    check: async (tools) => {
      const good = await ask(tools, ...with_);
      assert.match(good.stdout, /HTTP\/1\.1 200 OK/, good.output);
      assert.match(good.stdout, tells);
      const bad = await ask(tools, ...without);
      assert.doesNotMatch(bad.stdout, /HTTP\/1\.1 200 OK/);
      assert.match(
        bad.output,
        /alert (?:handshake failure|protocol version)|unsupported protocol|legacy sigalg disallowed/,
      );
    },
  };
}

/** A suite of TLS 1.3 and one of 1.2. */
function ciphers(suite13: string | undefined, suite12: string, another: string): OutsideCheck {
  return {
    by: ["openssl"],
    check: async (tools) => {
      if (suite13 !== undefined) {
        const suites = ["-ciphersuites", suite13, ...weak];
        await only(suites, new RegExp(`New, TLSv1.3, Cipher is ${suite13}\n`), [
          ...["-tls1_3", "-ciphersuites", another],
        ]).check(tools);
      }
      const suite = ["-tls1_2", "-cipher", `${suite12}:@SECLEVEL=0`];
      await only(suite, new RegExp(`Cipher is ${suite12}\n`), [
        ...["-tls1_2", "-cipher", suite12 === "ECDHE-ECDSA-AES256-SHA" ? "AES" : "ECDHE-ECDSA-AES256-SHA"],
      ]).check(tools);
    },
  };
}

/** A group of key exchange, by OpenSSL's name and as it tells of it. */
function group(name: string, tells: string): OutsideCheck {
  return only(["-groups", name], new RegExp(`Server Temp Key: ${tells}`), [
    ...["-groups", name === "P-256" ? "P-384" : "P-256"],
  ]);
}

/** A client certificate of an authority of the network, in files. */
async function clientIdentity({ network, folder }: ServiceCheck, of: "ca" | "otherCa"): Promise<readonly string[]> {
  const identity = await mintCertificate({ issuer: network[of], names: ["client"], usage: "client" });
  const [certificate, key] = [join(folder, `${of}.client.pem`), join(folder, `${of}.client.key`)];
  await writeFile(certificate, identity.certificate);
  await writeFile(key, identity.privateKey);
  return ["-cert", certificate, "-key", key];
}

/** Whether the second of two connections resumed the first one's session. */
async function resumes(tools: ServiceCheck, ...arguments_: readonly string[]): Promise<boolean> {
  const session = join(tools.folder, `${tools.service.name}.session`);
  const first = await ask(tools, "-sess_out", session, ...arguments_);
  assert.match(first.stdout, /^New, /m);
  const second = await ask(tools, "-sess_in", session, ...arguments_);
  assert.match(second.stdout, /HTTP\/1\.1 200 OK/);
  return /^Reused, /m.test(second.stdout);
}

/** A connection for a ticket, and a second one with this as early data. */
async function askEarly(tools: ServiceCheck, early: string): Promise<readonly [first: Outcome, second: Outcome]> {
  const [session, file] = [join(tools.folder, "early.session"), join(tools.folder, "early.data")];
  await writeFile(file, early);
  const first = await ask(tools, "-sess_out", session);
  const arguments_ = ["-ign_eof", "-sess_in", session, "-early_data", file];
  return [first, await tools.sClient(arguments_, { input: "" })];
}

/** `openssl s_client` that names no server. */
async function unnamed({ run, service: { host, port } }: ServiceCheck): Promise<Outcome> {
  return await run("openssl", ["s_client", "-connect", `${host}:${port}`, "-noservername"]);
}

describeServices(handshakeServices, {
  "https-tls10": only(["-tls1", ...weak], /Cipher is ECDHE-ECDSA-AES\d+-SHA\n[^]*Protocol *: TLSv1\n/, []),
  "https-tls11": only(["-tls1_1", ...weak], /Protocol *: TLSv1\.1\n/, []),
  "https-tls12": only([], /New, TLSv1\.2, Cipher/, ["-tls1_3"]),
  "https-tls13": only([], /New, TLSv1\.3, Cipher/, ["-tls1_2"]),
  "https-aes128-gcm": ciphers("TLS_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256", "TLS_AES_256_GCM_SHA384"),
  "https-aes256-gcm": ciphers("TLS_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_AES_128_GCM_SHA256"),
  "https-chacha20": ciphers(
    ...(["TLS_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_AES_128_GCM_SHA256"] as const),
  ),
  "https-ccm": ciphers("TLS_AES_128_CCM_SHA256", "ECDHE-ECDSA-AES128-CCM", "TLS_AES_128_GCM_SHA256"),
  "https-ccm8": ciphers("TLS_AES_128_CCM_8_SHA256", "ECDHE-ECDSA-AES128-CCM8", "TLS_AES_128_GCM_SHA256"),
  "https-camellia": ciphers(undefined, "ECDHE-ECDSA-CAMELLIA128-SHA256", ""),
  "https-aria": ciphers(undefined, "ECDHE-ECDSA-ARIA128-GCM-SHA256", ""),
  "https-cbc": ciphers(undefined, "ECDHE-ECDSA-AES128-SHA", ""),
  "https-null": ciphers(undefined, "ECDHE-ECDSA-NULL-SHA", ""),
  "https-anonymous": {
    by: ["openssl"],
    check: async (tools) => {
      await ciphers(undefined, "AECDH-AES128-SHA", "").check(tools);
      const { stdout } = await ask(tools, "-tls1_2", "-cipher", "AECDH-AES128-SHA:@SECLEVEL=0");
      assertSays(stdout, "no peer certificate available");
    },
  },
  "https-psk": {
    by: ["openssl"],
    check: async (tools) => {
      const key = sharedKey.key.toString("hex");
      for (const version of ["-tls1_3", "-tls1_2"]) {
        const good = await ask(tools, version, "-psk_identity", sharedKey.identity, "-psk", key);
        assertSays(good.stdout, "HTTP/1.1 200 OK");
        assertSays(good.stdout, "no peer certificate available");
        const wrong = await ask(tools, version, "-psk_identity", sharedKey.identity, "-psk", "00".repeat(16));
        assert.doesNotMatch(wrong.stdout, /HTTP\/1\.1 200 OK/);
      }
    },
  },
  "https-group-p256": group("P-256", "ECDH, prime256v1, 256 bits"),
  "https-group-p384": group("P-384", "ECDH, secp384r1, 384 bits"),
  "https-group-p521": group("P-521", "ECDH, secp521r1, 521 bits"),
  "https-group-x25519": group("X25519", "X25519, 253 bits"),
  "https-group-x448": group("X448", "X448, 448 bits"),
  "https-group-ffdhe2048": group("ffdhe2048", "DH, 2048 bits"),
  "https-group-brainpool": only(
    ["-tls1_2", "-groups", "brainpoolP256r1:P-256"],
    /Server Temp Key: ECDH, brainpoolP256r1, 256 bits/,
    ["-tls1_2", "-groups", "P-256"],
  ),
  "https-group-mlkem768": refused({ curl: [35, "handshake failure"], gnutls: "Received alert [40]" }),
  "https-rsa-exchange": {
    by: ["openssl", "gnutls-cli"],
    check: async (tools) => {
      const suite = ["-tls1_2", "-cipher", "AES128-GCM-SHA256"];
      await only(suite, /Cipher is AES128-GCM-SHA256\n/, ["-tls1_2", "-cipher", "ECDHE"]).check(tools);
      const { stdout } = await tools.gnutlsCli(["--priority=NORMAL:+RSA:-VERS-TLS1.3"], { input: request });
      assertSays(stdout, "(TLS1.2-X.509)-(RSA)-(AES-128-GCM)");
    },
  },
  "https-dhe-1024": {
    by: ["openssl", "curl"],
    check: async (tools) => {
      const { stdout } = await ask(tools, "-cipher", "DHE:@SECLEVEL=0");
      assertSays(stdout, "Server Temp Key: DH, 1024 bits");
      assertSays(stdout, "HTTP/1.1 200 OK");
      await refused({ curl: [35, "dh key too small"] }).check(tools);
    },
  },
  "https-dhe-2048": only(["-cipher", "DHE"], /Server Temp Key: DH, 2048 bits/, ["-cipher", "ECDHE"]),
  "https-hello-retry": {
    by: ["openssl"],
    check: async (tools) => {
      const { stdout } = await ask(tools, "-msg");
      assert.equal(stdout.match(/>>> TLS 1\.3, Handshake \[length [0-9a-f]+\], ClientHello/g)?.length, 2);
      assertSays(stdout, "HTTP/1.1 200 OK");
      const direct = await ask(tools, "-msg", "-groups", "P-521");
      assert.equal(direct.stdout.match(/>>> TLS 1\.3, Handshake \[length [0-9a-f]+\], ClientHello/g)?.length, 1);
    },
  },
  "https-client-certificate": {
    by: ["openssl"],
    check: async (tools) => {
      assertSays((await ask(tools, ...(await clientIdentity(tools, "ca")))).stdout, "HTTP/1.1 200 OK");
      for (const without of [[], await clientIdentity(tools, "otherCa")]) {
        const { stdout } = await ask(tools, ...without);
        assert.doesNotMatch(stdout, /HTTP\/1\.1 200 OK/);
        assertSays(stdout, "Acceptable client certificate CA names\nCN = Fairlead Test Root");
      }
    },
  },
  "https-client-certificate-tls12": {
    by: ["openssl"],
    check: async (tools) => {
      assertSays((await ask(tools, ...(await clientIdentity(tools, "ca")))).stdout, "HTTP/1.1 200 OK");
      for (const without of [[], await clientIdentity(tools, "otherCa")]) {
        assert.doesNotMatch((await ask(tools, ...without)).stdout, /HTTP\/1\.1 200 OK/);
      }
    },
  },
  "https-client-certificate-optional": {
    by: ["openssl"],
    check: async (tools) => {
      for (const identity of [[], await clientIdentity(tools, "ca"), await clientIdentity(tools, "otherCa")]) {
        const { stdout } = await ask(tools, ...identity);
        assertSays(stdout, "HTTP/1.1 200 OK");
        assert.equal(/"clientCertificate": ?"/.test(stdout), identity.length > 0, stdout);
      }
    },
  },
  "https-client-certificate-other": {
    by: ["openssl"],
    check: async (tools) => {
      const good = await ask(tools, ...(await clientIdentity(tools, "otherCa")));
      assertSays(good.stdout, "HTTP/1.1 200 OK");
      assertSays(good.stdout, "Acceptable client certificate CA names\nCN = Fairlead Other Test Root\n");
      const bad = await ask(tools, ...(await clientIdentity(tools, "ca")));
      assert.doesNotMatch(bad.stdout, /HTTP\/1\.1 200 OK/);
    },
  },
  "https-client-certificate-unnamed": {
    by: ["openssl"],
    check: async (tools) => {
      for (const identity of [[], await clientIdentity(tools, "ca")]) {
        const { stdout } = await ask(tools, "-msg", ...identity);
        assertSays(stdout, "No client certificate CA names sent");
        assert.match(stdout, /<<< TLS 1\.3, Handshake \[length [0-9a-f]+\], CertificateRequest/);
        assert.equal(/>>> .*, CertificateVerify/.test(stdout), identity.length > 0);
        assertSays(stdout, "made this by hand");
      }
    },
  },
  "https-client-certificate-named-often": {
    by: ["openssl", "gnutls-cli"],
    check: async (tools) => {
      const { stdout } = await ask(tools);
      assert.equal(stdout.match(/^CN = Nobody's Authority \d+$/gm)?.length, 1_000);
      assertSays(stdout, "made this by hand");
      assertSays((await tools.gnutlsCli([], { input: request })).stdout, "made this by hand");
    },
  },
  "https-post-handshake-authentication": {
    by: ["openssl"],
    check: async (tools) => {
      const identity = await clientIdentity(tools, "ca");
      assertSays((await ask(tools, ...identity)).stdout, "the client was not asked");
      assertSays((await ask(tools, "-enable_pha")).stdout, "the client shows no certificate");
      assertSays((await ask(tools, "-enable_pha", ...identity)).stdout, "the client shows a certificate");
    },
  },
  "https-no-tickets": {
    by: ["openssl"],
    check: async (tools) => {
      assert.equal(await resumes(tools, "-tls1_3"), false);
      assert.equal(await resumes(tools, "-tls1_2"), false);
    },
  },
  "https-changing-tickets": {
    by: ["openssl"],
    check: async (tools) => {
      for (const version of ["-tls1_3", "-tls1_2"]) {
        assert.equal(await resumes(tools, version), false);
        assertSays((await ask(tools, version)).stdout, "TLS session ticket:");
      }
    },
  },
  "https-short-tickets": {
    by: ["openssl"],
    check: async (tools) => {
      assert.equal(await resumes(tools), true);
      const { stdout } = await ask(tools);
      assertSays(stdout, "TLS session ticket lifetime hint: 10 (seconds)");
      const session = join(tools.folder, "short.session");
      await ask(tools, "-sess_out", session);
      tools.network.clock.advance(9_000);
      assert.match((await ask(tools, "-sess_in", session)).stdout, /^Reused, /m);
      tools.network.clock.advance(1_001);
      assert.match((await ask(tools, "-sess_in", session)).stdout, /^New, /m);
    },
  },
  "https-session-ids": {
    by: ["openssl"],
    check: async (tools) => {
      assert.equal(await resumes(tools), true);
      assert.doesNotMatch((await ask(tools)).stdout, /TLS session ticket:/);
    },
  },
  "https-early-data-replayed": {
    by: ["openssl"],
    check: async (tools) => {
      const { network, service } = tools;
      const [, early] = await askEarly(tools, request);
      assertSays(early.stdout, "Early data was accepted");
      assertSays(early.stdout, "HTTP/1.1 200 OK");
      const seen = network.requests.filter((one) => one.service === service.name).map((one) => one.early);
      // The first of two connections, and the second one's request twice.
      assert.deepEqual(seen, [false, true, true]);
    },
  },
  "https-early-data-short": {
    by: ["openssl"],
    check: async (tools) => {
      const [first, early] = await askEarly(tools, request);
      assertSays(first.stdout, "Max Early Data: 64");
      assertSays(early.stdout, "Early data was accepted");
      const [, long] = await askEarly(tools, `GET /echo?${"x".repeat(100)} HTTP/1.0\r\n\r\n`);
      assert.doesNotMatch(long.stdout, /HTTP\/1\.1 200 OK/);
    },
  },
  "https-no-alpn": {
    by: ["curl"],
    check: async ({ curl }) => {
      const { code, stderr } = await curl("--verbose", "/echo");
      assert.equal(code, 0);
      assertSays(stderr, "ALPN: server did not agree on a protocol");
    },
  },
  "https-alpn-unknown": {
    by: ["curl", "gnutls-cli", "openssl"],
    check: async (tools) => {
      await refused({ curl: [35, "tlsv1 alert no application protocol"] }).check(tools);
      assertSays(
        (await tools.gnutlsCli(["--alpn=h2"])).output,
        "Received alert [120]: No supported application protocol",
      );
      assertSays((await ask(tools, "-alpn", "nobody/1")).stdout, "ALPN protocol: nobody/1");
      assertSays((await ask(tools)).stdout, "HTTP/1.1 200 OK");
    },
  },
  "https-sni-required": {
    by: ["openssl"],
    check: async (tools) => {
      assertSays((await ask(tools)).stdout, "made this by hand");
      assertSays((await tools.sClient(["-servername", "elsewhere.test"])).stderr, "tlsv1 unrecognized name");
      assertSays((await unnamed(tools)).stderr, "tlsv1 unrecognized name");
    },
  },
  "https-sni-warning": {
    by: ["openssl"],
    check: async (tools) => {
      const { stdout } = await ask(tools, "-msg");
      assert.match(stdout, /<<< .*, Alert \[length 0002\], warning unrecognized_name/);
      assertSays(stdout, "made this by hand");
    },
  },
  "https-sni-certificates": {
    by: ["openssl"],
    check: async (tools) => {
      assertSays((await ask(tools)).stdout, "subject=CN = a.fairlead.test");
      assertSays((await ask(tools, "-servername", "b.other.test")).stdout, "subject=CN = b.other.test");
      assertSays((await unnamed(tools)).stdout, "subject=CN = unnamed.invalid");
    },
  },
  "https-alert": {
    by: ["gnutls-cli"],
    check: async ({ run, service }) => {
      for (const [label, description] of alertByLabel) {
        const { output } = await run("gnutls-cli", [
          ...[`--port=${service.port}`, `--sni-hostname=${label}.fairlead.test`, "--insecure", service.host],
        ]);
        assertSays(output, `Received alert [${description}]`);
      }
    },
  },
  "https-alert-flood": refused({ curl: [35, "too many warn alerts"] }),
  "https-no-extended-master-secret": {
    by: ["openssl"],
    check: async (tools) => {
      assertSays((await ask(tools, "-tls1_2")).stdout, "Extended master secret: no");
    },
  },
  "https-no-encrypt-then-mac": {
    by: ["gnutls-cli"],
    check: async ({ gnutlsCli }) => {
      const offered = await gnutlsCli([
        "--debug=4",
        "--priority=NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-CBC",
      ]);
      assertSays(offered.output, "Sending extension Encrypt-then-MAC/22");
      assert.doesNotMatch(offered.output, /Parsing extension 'Encrypt-then-MAC/);
      assertSays(offered.stdout, "(AES-128-CBC)-(SHA1)");
    },
  },
  "https-no-secure-renegotiation": {
    by: ["curl", "openssl"],
    check: async (tools) => {
      await refused({ curl: [35, "unsafe legacy renegotiation disabled"] }).check(tools);
      const { stdout } = await ask(tools, "-legacy_server_connect");
      assertSays(stdout, "Secure Renegotiation IS NOT supported");
      assertSays(stdout, "made this by hand");
    },
  },
  "https-renegotiation": {
    by: ["openssl"],
    check: async (tools) => {
      const { stdout } = await ask(tools, "-msg");
      assertSays(stdout, "HelloRequest");
      assertSays(stdout, "HTTP/1.1 200 OK");
      assert.equal(stdout.match(/>>> .*, ClientHello/g)?.length, 2, stdout);
    },
  },
});
