import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startTestNetwork } from "@fairlead/testserver";
import { detour } from "../detour.ts";
import { dnsQueryFamily } from "../../src/endpoints/dns-query.ts";
import { isMissing, run } from "../outside.ts";
import { describeFamily } from "./describe-family.ts";

const query = "\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x04good\x05names\x04test\0\0\x01\0\x01";

describeFamily(dnsQueryFamily, {
  "/dns-query?dns=BASE64URL": async ({ get, send }) => {
    const asText = Buffer.from(query, "latin1").toString("base64url");
    const type = "Content-Type: application/dns-message";
    for (const response of [await get(`/dns-query?dns=${asText}`), await send("POST", "/dns-query", [type], query)]) {
      assert.deepEqual([response.status, response.field("content-type")], [200, ["application/dns-message"]]);
      assert.match(response.body, /^\x12\x34\x85\x80[\s\S]*\x7f\0\0\x01$/);
    }
    assert.equal((await get("/dns-query")).status, 400);
    assert.equal((await send("POST", "/dns-query", [], query)).status, 400);
  },
});

test("dig asks over HTTPS, by GET and by POST", async (context) => {
  if (await isMissing(context, "dig")) return;
  await using network = await startTestNetwork({ services: ["http", "https", "https-h2"], ...detour });
  const folder = await mkdtemp(join(tmpdir(), "fairlead-dns-"));
  try {
    const ca = join(folder, "ca.pem");
    await network.writeCa(ca);
    const { host, port } = network.service("https-h2");
    const trust = [`+tls-ca=${ca}`, "+tls-hostname=localhost", "+tries=1", "+time=10"];
    for (const way of ["+https", "+https-get"]) {
      const { stdout } = await run("dig", [`@${host}`, "-p", String(port), way, ...trust, "cname-2.names.test"]);
      assert.match(stdout, /A\s+127\.0\.0\.1\n[\s\S]*\(HTTPS(?:-GET)?\)/);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
