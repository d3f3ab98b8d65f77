import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { startApache, unusedPort, startProgram } from "@fairlead/conformance/peers";
import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { failure } from "../typed-failure.ts";

/** A text, so that servers want to compress it. */
const text = "a line of a file that is long enough to be cut\n".repeat(120_000);
const old = new Date(Date.UTC(2026, 0, 1));

interface FileServer extends AsyncDisposable {
  readonly url: string;
  /** Gives the file another content of the same length, and another date. */
  readonly change: () => Promise<void>;
}

async function startNginx(): Promise<FileServer> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-nginx-"));
  await chmod(folder, 0o755);
  const port = await unusedPort();
  await mkdir(join(folder, "www"));
  const file = join(folder, "www/file.txt");
  await writeFile(file, text);
  await utimes(file, old, old);
  const configuration = `daemon off; pid ${folder}/pid; error_log stderr;
${process.getuid?.() === 0 ? "user www-data;" : ""}
events {}
http {
  types { text/plain txt; }
  access_log off; gzip on; gzip_types text/plain; gzip_min_length 1;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server { listen 127.0.0.1:${String(port)}; root ${folder}/www; }
}
`;
  await writeFile(join(folder, "nginx.conf"), configuration);
  const program = await startProgram("nginx", ["-p", folder, "-e", "stderr", "-c", join(folder, "nginx.conf")], port);
  return {
    url: `http://127.0.0.1:${String(port)}/file.txt`,
    change: () => writeFile(file, text.toUpperCase()),
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

async function startApacheWithFiles(): Promise<FileServer> {
  let root = "";
  const apache = await startApache({
    modules: ["mime", "filter", "deflate"],
    files: { "www/file.txt": text, "mime.types": "text/plain txt\n" },
    configuration: (folder) => {
      root = folder;
      return `<Directory ${folder}/www>\n  Require all granted\n  SetOutputFilter DEFLATE\n</Directory>\n`;
    },
  });
  const file = join(root, "www/file.txt");
  await utimes(file, old, old);
  return {
    url: `http://127.0.0.1:${String(apache.port)}/file.txt`,
    change: () => writeFile(file, text.toUpperCase()),
    [Symbol.asyncDispose]: () => apache[Symbol.asyncDispose](),
  };
}

/** Leaves what has come when there is some of it. */
async function leave(manager: NetworkAccessManager, url: string, path: string): Promise<void> {
  const ending = new AbortController();
  const reason = new Error("cut");
  const download = manager.download(url, path, {
    resume: true,
    signal: ending.signal,
    onProgress: () => {
      ending.abort(reason);
    },
  });
  assert.equal(await failure(() => download), reason);
}

for (const [name, start] of [
  ["nginx", startNginx],
  ["Apache", startApacheWithFiles],
] as const) {
  describe(`a download from ${name}, which compresses`, () => {
    test("comes in no coding, whole, resumed, in parts; and anew when the file has changed", async () => {
      await using server = await start();
      const folder = await mkdtemp(join(tmpdir(), "fairlead-download-"));
      try {
        await using manager = await openNetworkAccessManager();
        const read = (file: string): Promise<string> => readFile(join(folder, file), "utf8");

        const whole = await manager.download(server.url, join(folder, "whole"));
        assert.equal(whole.headers["content-encoding"], undefined);
        assert.equal(await read("whole"), text);

        const coded = await manager.download(server.url, join(folder, "coded"), {
          headers: { "accept-encoding": "gzip" },
        });
        assert.equal(coded.headers["content-encoding"], "gzip");
        assert.equal(await read("coded"), text);

        await leave(manager, server.url, join(folder, "resumed"));
        const resumed = await manager.download(server.url, join(folder, "resumed"), { resume: true });
        assert.ok(resumed.resumedFromBytes > 0);
        assert.equal(resumed.status, 206);
        assert.equal(await read("resumed"), text);

        const parts = await manager.download(server.url, join(folder, "parts"), { parallel: 3 });
        assert.ok(parts.transactions.length > 3);
        assert.equal(await read("parts"), text);

        await leave(manager, server.url, join(folder, "changed"));
        await server.change();
        const changed = await manager.download(server.url, join(folder, "changed"), { resume: true });
        assert.deepEqual([changed.resumedFromBytes, changed.status], [0, 200]);
        assert.equal(await read("changed"), text.toUpperCase());
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  });
}
