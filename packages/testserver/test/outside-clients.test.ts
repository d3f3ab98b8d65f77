import assert from "node:assert/strict";
import { mkdtempDisposable, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type ServiceName, startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import { detour } from "./detour.ts";
import { isMissing, type Outcome, run } from "./outside.ts";
import { plainText } from "../src/endpoints/compression.ts";

let network: TestNetwork;
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
let caFile: string;
before(async () => {
  network = await startTestNetwork(detour);
  folder = await mkdtempDisposable(join(tmpdir(), "fairlead-outside-"));
  await network.writeManifest(join(folder.path, "network.json"), { withCa: true });
  caFile = join(folder.path, "network.ca.pem");
  assert.equal(await readFile(caFile, "utf8"), network.ca.certificate);
});
after(async () => {
  await network.close();
  await folder.remove();
});

describe("curl, with the authority's file", () => {
  test("verifies the good listener", async (context) => {
    if (await isMissing(context, "curl")) return;
    const { stdout, code } = await curl("https", "/echo");
    assert.equal(code, 0);
    assert.match(stdout, /"protocol": "TLSv1\.[23]"/);
  });

  // Exit codes: man curl. 60: certificate not acceptable; 35: handshake failed; 56: receive error.
  const listeners = [
    ["https-expired", [60]],
    ["https-not-yet-valid", [60]],
    ["https-wrong-host", [60]],
    ["https-self-signed", [60]],
    ["https-untrusted-root", [60]],
    ["https-incomplete-chain", [60]],
    ["https-client-certificate", [35, 56]],
  ] as const satisfies readonly (readonly [ServiceName, readonly number[]])[];
  for (const [name, codes] of listeners) {
    test(`fails at ${name} with exit code ${codes.join(" or ")}`, async (context) => {
      if (await isMissing(context, "curl")) return;
      const { code } = await curl(name, "/json");
      assert.ok((codes as readonly (number | null)[]).includes(code), `curl exited with ${code}`);
    });
  }

  // 8: weird reply; 18: partial file; 47: too many redirects; 52: empty reply; 56: receive error; 61: bad coding.
  const endpoints = [
    ["/redirect/chain/5", 0],
    ["/redirect/loop/3", 47],
    ["/redirect/self", 47],
    ["/cut/before-response", 52],
    ["/cut/body", 18],
    ["/cut/chunked", 18],
    ["/reset/before-response", 56],
    ["/reset/body", 56],
    ["/length/short", 18],
    ["/length/none", 0],
    ["/malformed/not-http", 1],
    ["/compress/wrong/gzip", 61],
  ] as const;
  for (const [target, expected] of endpoints) {
    test(`exits with ${expected} at ${target}`, async (context) => {
      if (await isMissing(context, "curl")) return;
      const { code } = await curl("http", target, "--location", "--compressed");
      assert.equal(code, expected);
    });
  }

  for (const coding of ["gzip", "deflate", "identity"]) {
    test(`decodes /compress/${coding}`, async (context) => {
      if (await isMissing(context, "curl")) return;
      assert.equal((await curl("https", `/compress/${coding}`, "--compressed")).stdout, plainText);
    });
  }

  test("learns HSTS from a good header over https, and nothing from a bad one", async (context) => {
    if (await isMissing(context, "curl")) return;
    const file = join(folder.path, "hsts.txt");
    const learn = async (target: string): Promise<string> => {
      await curl("https", target, "--hsts", file);
      return await readFile(file, "utf8");
    };
    assert.doesNotMatch(await learn("/hsts/bad/twice"), /^a\.fairlead\.test /m);
    assert.match(await learn("/hsts/good/year"), /^a\.fairlead\.test /m);
    assert.match(await learn("/hsts/good/subdomains"), /^\.a\.fairlead\.test /m);
  });

  test("keeps the cookies that are set and drops those that are deleted", async (context) => {
    if (await isMissing(context, "curl")) return;
    const jar = join(folder.path, "jar.txt");
    const kept = ["--cookie", jar, "--cookie-jar", jar];
    await curl("http", "/cookies/set?a=1&b=2", ...kept);
    await curl("http", "/cookies/delete?a", ...kept);
    assert.match((await curl("http", "/cookies", ...kept)).stdout, /"raw": "b=2"/);
  });
});

describe("openssl s_client", () => {
  test("builds the whole chain at the good listener, and only the leaf comes where the chain is incomplete", async (context) => {
    if (await isMissing(context, "openssl")) return;
    const good = await openssl("https");
    assert.match(good, /Verify return code: 0 \(ok\)|Verification: OK/);
    assert.equal(good.match(/BEGIN CERTIFICATE/g)?.length, 2);
    const incomplete = await openssl("https-incomplete-chain");
    assert.match(incomplete, /unable to verify the first certificate|unable to get local issuer certificate/);
    assert.equal(incomplete.match(/BEGIN CERTIFICATE/g)?.length, 1);
  });

  test("is asked for a certificate of the right authority at https-client-certificate", async (context) => {
    if (await isMissing(context, "openssl")) return;
    assert.match(
      await openssl("https-client-certificate"),
      /Acceptable client certificate CA names\n.*Fairlead Test Root/,
    );
  });
});

function curl(name: ServiceName, target: string, ...options: readonly string[]): Promise<Outcome> {
  const { scheme, host, port } = network.service(name);
  const authority = `a.fairlead.test:${port}`;
  const trust = ["--cacert", caFile, "--resolve", `${authority}:${host}`];
  const fixed = ["--silent", "--globoff", "--max-redirs", "10", ...trust];
  return run("curl", [...fixed, ...options, `${scheme}://${authority}${target}`]);
}

async function openssl(name: ServiceName): Promise<string> {
  const { host, port } = network.service(name);
  const trust = ["-CAfile", caFile, "-servername", "localhost", "-verify_hostname", "localhost"];
  return (await run("openssl", ["s_client", "-connect", `${host}:${port}`, "-showcerts", ...trust])).output;
}
