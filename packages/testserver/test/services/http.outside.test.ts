import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { httpServices } from "../../src/services/http/index.ts";
import { describeServices, type OutsideCheck, type ServiceCheck } from "../describe-services.ts";

/** What `/echo` says that came, and how curl saw the answer. */
interface Seen {
  readonly version: string;
  readonly echo: { readonly httpVersion: string; readonly service: string; readonly tls?: { readonly alpn?: string } };
}

async function echoBy({ curl }: ServiceCheck, ...options: readonly string[]): Promise<Seen> {
  const { stdout, stderr, code } = await curl("--write-out", "\n%{http_version}", ...options, "/echo");
  assert.equal(code, 0, stderr);
  const [, body = "", version = ""] = /^(.*)\n(\S+)$/s.exec(stdout) ?? [];
  return { version, echo: JSON.parse(body) as Seen["echo"] };
}

function speaks(version: string, ...options: readonly string[]): OutsideCheck {
  return {
    by: ["curl"],
    check: async (check) => {
      const { version: seen, echo } = await echoBy(check, ...options);
      assert.deepEqual([seen, echo.service], [version, check.service.name]);
    },
  };
}

describeServices(httpServices, {
  http: speaks("1.1"),
  https: {
    by: ["openssl"],
    check: async ({ sClient }) => {
      for (const version of ["-tls1_2", "-tls1_3"]) {
        const { output } = await sClient([version, "-brief"]);
        assert.match(output, /Verification: OK/);
      }
    },
  },
  "http-or-https": {
    by: ["curl"],
    check: async (check) => {
      assert.equal((await echoBy(check)).echo.tls, undefined);
      const { port } = check.service;
      const { stdout } = await check.curl(`https://a.fairlead.test:${port}/echo`);
      assert.match(stdout, /"protocol": "TLSv1.3"/);
    },
  },
  "https-early-data": {
    by: ["openssl"],
    check: async ({ sClient, folder }) => {
      const session = `${folder}/session.pem`;
      const request = "GET /early HTTP/1.1\r\nHost: a.fairlead.test\r\nConnection: close\r\n\r\n";
      await sClient(["-sess_out", session, "-quiet", "-ign_eof"], { input: request, until: "not early" });
      await writeFile(`${folder}/early`, request);
      const { output } = await sClient(["-sess_in", session, "-early_data", `${folder}/early`, "-ign_eof"]);
      assert.match(output, /\r\n\r\nearly\n/);
      assert.match(output, /Early data was accepted/);
    },
  },
  "https-h2": {
    by: ["curl"],
    check: async (check) => {
      assert.equal((await echoBy(check)).version, "2");
      assert.equal((await echoBy(check, "--http1.1")).version, "1.1");
    },
  },
  "https-h2-only": {
    by: ["curl"],
    check: async (check) => {
      assert.equal((await echoBy(check)).version, "2");
      const { code, stderr } = await check.curl("--http1.1", "/echo");
      assert.equal(code, 35);
      assert.match(stderr, /alert no application protocol/);
    },
  },
  "http-h2c": {
    by: ["curl"],
    check: async (check) => {
      assert.equal((await echoBy(check, "--http2-prior-knowledge")).version, "2");
      // With --http2 it asks for an upgrade.
      const upgraded = await echoBy(check, "--http2");
      assert.deepEqual([upgraded.version, upgraded.echo.httpVersion], ["1.1", "1.1"]);
      assert.equal((await echoBy(check, "--request", "PUT", "--http1.1")).version, "1.1");
    },
  },
  http10: {
    by: ["curl"],
    check: async (check) => {
      const { version, echo } = await echoBy(check);
      assert.deepEqual([version, echo.httpVersion], ["1", "1.1"]);
      const { stdout } = await check.curl("--include", "/httpbin/stream/2");
      assert.doesNotMatch(stdout, /^(?:transfer-encoding|content-length):/im);
      assert.match(stdout, /^connection: close/im);
      assert.equal(stdout.split("\n").filter((line) => line.startsWith("{")).length, 2);
    },
  },
  "https-gnutls": {
    by: ["curl"],
    check: async (check) => {
      const { version, echo } = await echoBy(check);
      assert.deepEqual([version, echo.tls?.alpn], ["1.1", "http/1.1"]);
      const { code } = await check.curl("/cut/body");
      assert.equal(code, 18, "cut in the body");
      // Of what GnuTLS speaks by default, this is what OpenSSL has to be asked for.
      const ccm = await check.curl("--tls13-ciphers", "TLS_AES_128_CCM_SHA256", "--tlsv1.3", "/json");
      assert.equal(ccm.code, 0, ccm.stderr);
    },
  },
  "https-gnutls-h2": {
    by: ["curl", "gnutls-cli"],
    check: async (check) => {
      const { version, echo } = await echoBy(check);
      assert.deepEqual([version, echo.tls?.alpn], ["2", "h2"]);
      assert.equal((await echoBy(check, "--http1.1")).version, "1.1");
      const { output } = await check.gnutlsCli(["--alpn=h2"]);
      assert.match(output, /Application protocol: h2/);
    },
  },
  httpbin: {
    by: ["curl"],
    check: async ({ curl }) => {
      const form = await curl("--form", "a=1", "--form", "f=x;filename=x.txt", "/post");
      const { form: fields, files } = JSON.parse(form.stdout) as Readonly<Record<string, unknown>>;
      assert.deepEqual([fields, files], [{ a: "1" }, { f: "x" }]);
      const digest = await curl("--digest", "--user", "me:secret", "--cookie-jar", "-", "/digest-auth/auth/me/secret");
      assert.match(digest.stdout, /"authenticated": true/);
      const chain = await curl("--location", "--write-out", "%{num_redirects}", "--output", "/dev/null", "/redirect/5");
      assert.equal(chain.stdout, "5");
      assert.match((await curl("--compressed", "/brotli")).stdout, /"brotli": true/);
      const cookies = await curl("--location", "--cookie", "", "/cookies/set?flavour=oat");
      assert.deepEqual(JSON.parse(cookies.stdout), { cookies: { flavour: "oat" } });
      assert.match((await curl("--write-out", "%{http_code}", "/echo")).stdout, /404$/);
    },
  },
  "httpbin-https": {
    by: ["curl"],
    check: async ({ curl, service }) => {
      const { stdout } = await curl("--location", "/absolute-redirect/3");
      assert.equal((JSON.parse(stdout) as { url: string }).url, `https://a.fairlead.test:${service.port}/get`);
    },
  },
});
