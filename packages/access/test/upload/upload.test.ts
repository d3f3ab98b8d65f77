import { transactionOf, type UploadOptions, type UploadProgress } from "@fairlead/access";
import { isCodedError } from "@fairlead/core";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFileSync, truncateSync, utimesSync } from "node:fs";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { basicListener, serve } from "../authentication/authenticating-server.ts";
import { networkFixture } from "../network-fixture.ts";
import { failure } from "../typed-failure.ts";

const SIZE = 1_500_000;
const content = Buffer.from(Uint8Array.from({ length: SIZE }, (_, index) => index % 251));
const sha256 = createHash("sha256").update(content).digest();

interface Echo {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly sizeBytes: number; readonly sha256: string };
}

describe("manager.upload", () => {
  const network = networkFixture();
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fairlead-upload-"));
  });
  after(() => rm(folder, { recursive: true }));

  /** A file of its own, since some of them change. */
  async function file(name: string, bytes: Uint8Array = content): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return path;
  }

  async function echoOf(target: string, path: string, options?: UploadOptions): Promise<Echo> {
    await using manager = await network.open();
    const reply = await manager.upload(network.either("https") + target, path, options);
    assert.equal(reply.status, 200);
    return (await reply.json()) as Echo;
  }

  async function fails(code: string, target: string, path: string, options?: UploadOptions): Promise<void> {
    await using manager = await network.open();
    const error = await failure(() => manager.upload(network.either("https") + target, path, options));
    assert.ok(isCodedError(error) && error.code === code, String(error));
  }

  test("sends a file with its length, by PUT", async () => {
    const seen: UploadProgress[] = [];
    const echo = await echoOf("/echo", await file("plain"), { onProgress: (progress) => seen.push(progress) });
    assert.partialDeepStrictEqual(echo, {
      method: "PUT",
      headers: { "content-type": "application/octet-stream", "content-length": String(SIZE) },
      body: { sizeBytes: SIZE, sha256: sha256.toString("hex") },
    });
    assert.equal(echo.headers["transfer-encoding"], undefined);
    assert.deepEqual(seen.at(-1), { sentBytes: SIZE, totalBytes: SIZE, repeatedBytes: 0 });
  });

  test("sends an empty file, another method, another type, and what the file is", async () => {
    assert.equal((await echoOf("/echo", await file("empty", Buffer.alloc(0)))).body.sizeBytes, 0);
    const echo = await echoOf("/echo", await file("typed"), {
      method: "POST",
      contentType: "text/plain",
      digest: "sha-256",
    });
    const digest = `sha-256=:${sha256.toString("base64")}:`;
    assert.partialDeepStrictEqual(echo, {
      method: "POST",
      headers: { "content-type": "text/plain", "repr-digest": digest, "content-digest": digest },
    });
    const named = await echoOf("/echo", await file("named"), {
      headers: { "content-type": "a/b" },
      contentType: "c/d",
    });
    assert.equal(named.headers["content-type"], "a/b");
  });

  test("sends it again where a redirect leads, and tells what was sent in vain", async () => {
    const seen: UploadProgress[] = [];
    const onProgress = (progress: UploadProgress): unknown => seen.push(progress);
    const echo = await echoOf("/redirect/307/same-origin", await file("redirected"), { onProgress });
    assert.partialDeepStrictEqual(echo, { method: "PUT", body: { sha256: sha256.toString("hex") } });
    for (const [index, { sentBytes }] of seen.entries()) assert.ok(sentBytes >= (seen[index - 1]?.sentBytes ?? 0));
    const { sentBytes, totalBytes, repeatedBytes } = seen.at(-1) ?? assert.fail("nothing was told");
    assert.equal(sentBytes, totalBytes);
    assert.equal(totalBytes, repeatedBytes + SIZE);
    assert.ok(repeatedBytes > 0);
  });

  test("sends it again to who wants to know who asks", async () => {
    const received: string[] = [];
    const listener = basicListener(
      () => ({ realm: "files", user: "me:word" }),
      (body) => received.push(createHash("sha256").update(body).digest("hex")),
    );
    await using server = await serve(listener);
    await using manager = await network.open({
      onAuthenticate: () => ({ type: "password", username: "me", password: "word" }),
      authentication: { dangerous: { sendSecretsInTheClear: true } },
    });
    const path = await file("asked", Buffer.alloc(SIZE, "text"));
    const reply = await manager.upload(`${server.origin}/file`, path);
    assert.equal(reply.status, 200, await reply.text());
    const sent = createHash("sha256").update(Buffer.alloc(SIZE, "text")).digest("hex");
    assert.equal(received.at(-1), sent);
  });

  test("gives any status as the answer", async () => {
    await using manager = await network.open();
    const reply = await manager.upload(`${network.either("https")}/status/507`, await file("refused"));
    assert.equal(reply.status, 507);
    reply.discard();
  });

  for (const [what, change] of [
    ["grows", (path: string): void => appendFileSync(path, "more")],
    ["shrinks", (path: string): void => truncateSync(path, 1_000_000)],
    ["is written to", (path: string): void => utimesSync(path, 1, 1)],
  ] as const) {
    test(`fails before the last piece when the file ${what} while it is sent`, async () => {
      const path = await file(`changing-${what}`);
      network.network.clearRequests();
      let hasChanged = false;
      await using manager = await network.open();
      const url = `${network.either("https")}/echo`;
      const error = await failure(async () => {
        const onProgress = (): void => {
          if (!hasChanged) change(path);
          hasChanged = true;
        };
        return manager.upload(url, path, { onProgress });
      });
      assert.ok(isCodedError(error) && error.code === "FILE_CHANGED", String(error));
      assert.match(error.message, /the file changed while it was read; send it again/);
      assert.equal(transactionOf(error)?.hops.length, 1);
      assert.equal(network.network.requests.length, 0, "the server never has a whole request");
    });
  }

  test("fails when another file has the name by the time that it is sent again", async () => {
    const path = await file("replaced");
    const other = await file("other", Buffer.alloc(SIZE));
    let replaced = false;
    await using manager = await network.open({
      redirect: { type: "ask" },
      onRedirect: async () => {
        await rename(other, path);
        replaced = true;
        return true;
      },
    });
    const url = `${network.either("https")}/redirect/307/same-origin`;
    const error = await failure(() => manager.upload(url, path));
    assert.ok(replaced);
    assert.ok(isCodedError(error) && error.code === "FILE_CHANGED", String(error));
  });

  test("fails for what is no file, and what cannot be asked", async () => {
    await fails("FILE_NOT_FOUND", "/echo", join(folder, "nowhere"));
    await fails("FILE_NOT_REGULAR", "/echo", folder);
    await fails("FILE_NOT_REGULAR", "/echo", "/dev/null");
    const path = await file("options");
    await fails("OPTION_INVALID", "/echo", path, { headers: { "content-length": "5" } });
    await fails("OPTION_INVALID", "/echo", path, { digest: "md5" as "sha-256" });
  });

  test("is given up by whoever is told of it, and by its signal", async () => {
    const reason = new Error("enough");
    await using manager = await network.open();
    const path = await file("ended");
    const url = `${network.either("https")}/echo`;
    const told = failure(() =>
      manager.upload(url, path, {
        onProgress: () => {
          throw reason;
        },
      }),
    );
    assert.equal(await told, reason);
    const ending = new AbortController();
    const aborted = failure(() =>
      manager.upload(`${network.either("https")}/stall/response`, path, {
        signal: ending.signal,
        onProgress: ({ sentBytes }) => {
          if (sentBytes === SIZE) ending.abort(reason);
        },
      }),
    );
    assert.equal(await aborted, reason);
  });
});
