import { openNetworkAccessManager, transactionOf } from "@fairlead/access";
import { serve, type RunningServer } from "@fairlead/server";
import { mintAuthority, mintCertificate } from "@fairlead/testserver/authority";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const MIB = 1024 * 1024;
const content = randomBytes(3 * MIB);
const digest = createHash("sha256").update(content).digest("hex");

async function answer(request: Request): Promise<Response> {
  if (new URL(request.url).pathname === "/large") return new Response(content);
  if (request.method !== "POST") return new Response("hello");
  const hash = createHash("sha256");
  const body = request.body as AsyncIterable<Uint8Array> | null;
  for await (const piece of body ?? []) hash.update(piece);
  return new Response(hash.digest("hex"));
}

describe("HTTP/2 with clients that others wrote", { timeout: 60_000 }, () => {
  let folder: string;
  let ca: string;
  let plain: RunningServer;
  let secure: RunningServer;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fairlead-h2-"));
    const authority = await mintAuthority();
    ca = authority.certificate;
    const identity = await mintCertificate({ issuer: authority, names: ["localhost"] });
    await writeFile(join(folder, "ca.pem"), ca);
    await writeFile(join(folder, "content"), content);
    plain = await serve({ fetch: answer });
    secure = await serve({ fetch: answer, tls: { identity }, host: "localhost" });
  });
  after(async () => {
    await Promise.all([plain.close(), secure.close()]);
    await rm(folder, { recursive: true });
  });

  const curl = async (url: string | undefined, ...more: readonly string[]): Promise<string> =>
    (await run("curl", ["-sS", "--max-time", "20", "--cacert", join(folder, "ca.pem"), ...more, url ?? ""])).stdout;
  const WRITE = ["-w", " %{http_version} %{http_code}"];

  test("curl, by prior knowledge and by ALPN", async () => {
    assert.equal(await curl(plain.url, "--http2-prior-knowledge", ...WRITE), "hello 2 200");
    assert.equal(await curl(secure.url, "--http2", ...WRITE), "hello 2 200");
    assert.equal(await curl(secure.url, "--http1.1", ...WRITE), "hello 1.1 200");
  });

  test("curl sends and takes three megabytes", async () => {
    const upload = ["--http2", "--data-binary", `@${join(folder, "content")}`] as const;
    assert.equal(await curl(secure.url, ...upload, ...WRITE), `${digest} 2 200`);
    const file = join(folder, "taken");
    await curl(`${secure.url ?? ""}/large`, "--http2", "-o", file);
    assert.match((await run("sha256sum", [file])).stdout, new RegExp(`^${digest}`));
  });

  test("nghttp, with priorities, padding and trailers", async () => {
    const url = `${plain.url ?? ""}/`;
    const { stdout } = await run("nghttp", [
      "-v",
      "-b",
      "7",
      "--trailer",
      "x-sum: 6",
      "-d",
      join(folder, "content"),
      url,
    ]);
    assert.match(stdout, new RegExp(digest));
    assert.match(stdout, /:status: 200/);
    assert.doesNotMatch(stdout, /RST_STREAM|error_code=(?!NO_ERROR)/);
  });

  for (const [how, flags] of [
    ["in the windows of the protocol", []],
    ["in windows of one kilobyte", ["-w", "10", "-W", "10"]],
  ] as const) {
    test(`h2load, ${how}: no request fails`, async () => {
      for (const [url, count] of [
        [`${plain.url ?? ""}/`, 2_000],
        [`${secure.url ?? ""}/`, 1_000],
        [`${plain.url ?? ""}/large`, 6],
      ] as const) {
        const load = ["-n", String(count), "-c", "4", "-m", "25", "-T", "20", ...flags, url];
        const { stdout } = await run("h2load", load);
        assert.match(stdout, new RegExp(`${String(count)} succeeded, 0 failed, 0 errored, 0 timeout`), stdout);
      }
    });
  }

  test("the manager's own pool: fifty requests at once on one connection", async () => {
    await using manager = await openNetworkAccessManager({ tls: { trust: { type: "anchors", certificates: [ca] } } });
    const url = secure.url ?? "";
    const sent = await manager.request(url, { method: "POST", body: content });
    assert.equal(await sent.text(), digest);
    const replies = await Promise.all(Array.from({ length: 50 }, () => manager.request(`${url}/`)));
    assert.deepEqual(new Set(await Promise.all(replies.map((reply) => reply.text()))), new Set(["hello"]));
    const hops = replies.map((reply) => transactionOf(reply)?.hops.at(-1));
    assert.deepEqual([...new Set(hops.map((hop) => [hop?.tls?.alpn, hop?.connection?.id].join()))].length, 1);
    assert.equal(hops[0]?.tls?.alpn, "h2");
    const large = await manager.request(`${url}/large`);
    assert.equal(
      createHash("sha256")
        .update(await large.bytes())
        .digest("hex"),
      digest,
    );
  });
});
