import { deepEqual, equal, rejects } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { SchemeHandler, SchemeResponse } from "@fairlead/access";
import { type Openssh, runPeer, startOpenssh } from "@fairlead/conformance/peers";
import { sftpScheme } from "@fairlead/sftp";
import { bytesOf, openTcp, schemeRequest, textOf, type RequestFacts } from "./peers/request.ts";

describe("files of an OpenSSH server", () => {
  let server: Openssh;
  let handler: SchemeHandler;
  let connections = 0;
  const at = (name: string): string => join(server.files, name);
  const ask = (name: string, facts?: RequestFacts): Promise<SchemeResponse> =>
    handler.handle(
      schemeRequest(server.url(`${server.files}/${name}`), {
        openStream: (host, port) => {
          connections += 1;
          return openTcp(host, port);
        },
        ...facts,
      }),
    );

  before(async () => {
    server = await startOpenssh();
    handler = sftpScheme({ knownHosts: await server.knownHosts(), keys: [{ file: await server.userKey() }] });
  });
  after(async () => {
    await handler.close();
    await server[Symbol.asyncDispose]();
  });

  test("GET gives a file, its length and what tells its state", async () => {
    await writeFile(at("a.txt"), "hello\n");
    await utimes(at("a.txt"), 1_700_000_000, 1_700_000_000);
    const response = await ask("a.txt");
    equal(response.status, 200);
    const { date, ...headers } = response.headers;
    equal(Number.isNaN(Date.parse(String(date))), false);
    deepEqual(headers, {
      "last-modified": "Tue, 14 Nov 2023 22:13:20 GMT",
      "accept-ranges": "bytes",
      "content-length": "6",
    });
    equal(await textOf(response), "hello\n");
  });

  test("a file larger than all that is read ahead comes whole, an empty one is empty", async () => {
    const bytes = randomBytes(3 * 1024 * 1024 + 17);
    await writeFile(at("large"), bytes);
    await writeFile(at("empty"), "");
    equal((await bytesOf(await ask("large"))).equals(bytes), true);
    const empty = await ask("empty");
    equal(empty.headers["content-length"], "0");
    equal(await textOf(empty), "");
  });

  test("HEAD gives the fields of GET, and nothing is opened", async () => {
    await writeFile(at("head"), "12345");
    const { status, headers, body } = await ask("head", { method: "HEAD" });
    deepEqual([status, headers["content-length"], body], [200, "5", undefined]);
  });

  const ranges = [
    ["bytes=2-4", 206, "bytes 2-4/10", "234"],
    ["bytes=7-", 206, "bytes 7-9/10", "789"],
    ["bytes=-2", 206, "bytes 8-9/10", "89"],
    ["bytes=4-400", 206, "bytes 4-9/10", "456789"],
    ["bytes=10-", 416, "bytes */10", ""],
    ["bytes=0-1,3-4", 200, undefined, "0123456789"],
    ["lines=1-2", 200, undefined, "0123456789"],
  ] as const;
  for (const [range, status, contentRange, text] of ranges) {
    test(`Range: ${range} gives ${String(status)} (RFC 9110 section 14.2)`, async () => {
      await writeFile(at("digits"), "0123456789");
      const response = await ask("digits", { headers: { range } });
      equal(response.status, status);
      equal(response.headers["content-range"], contentRange);
      equal(await textOf(response), text);
    });
  }

  test("If-Range with another state of the file gives the whole (RFC 9110 section 13.1.5)", async () => {
    await writeFile(at("resumed"), "0123456789");
    const { headers } = await ask("resumed", { method: "HEAD" });
    const since = String(headers["last-modified"]);
    const same = await ask("resumed", { headers: { range: "bytes=5-", "if-range": since } });
    deepEqual([same.status, await textOf(same)], [206, "56789"]);
    for (const other of ["Tue, 14 Nov 2023 22:13:20 GMT", '"strong"', ""]) {
      const response = await ask("resumed", { headers: { range: "bytes=5-", "if-range": other } });
      deepEqual([response.status, await textOf(response)], [200, "0123456789"]);
    }
  });

  test("a path that ends in a slash lists a directory as JSON, kinds included", async () => {
    await mkdir(at("listed/inner"), { recursive: true });
    await writeFile(at("listed/ü ß.txt"), "four");
    await utimes(at("listed/ü ß.txt"), 1_700_000_000, 1_700_000_000);
    await symlink("nowhere", at("listed/link"));
    const response = await ask("listed/");
    equal(response.headers["content-type"], "application/json");
    const entries = JSON.parse(await textOf(response)) as { name: string; kind: string }[];
    deepEqual(
      entries.map(({ name, kind }) => [name, kind]),
      [
        ["inner", "directory"],
        ["link", "link"],
        ["ü ß.txt", "file"],
      ],
    );
    deepEqual(entries[2], {
      name: "ü ß.txt",
      kind: "file",
      sizeBytes: 4,
      modified: "2023-11-14T22:13:20.000Z",
    });
    equal(await textOf(await ask("listed/%C3%BC%20%C3%9F.txt")), "four");
  });

  test("/~/ is the home directory", async () => {
    const entries = await handler.handle(schemeRequest(server.url("/~/")));
    const { env } = process;
    const names = (JSON.parse(await textOf(entries)) as { name: string }[]).map(({ name }) => name);
    deepEqual(names, (await readdir(env["HOME"] ?? "/root")).sort());
  });

  test("PUT makes a file, and says that it is new; nothing else is left", async () => {
    await mkdir(at("new"));
    const response = await ask("new/file", { method: "PUT", body: "first" });
    equal(response.status, 201);
    equal(await readFile(at("new/file"), "utf8"), "first");
    deepEqual(await readdir(at("new")), ["file"]);
    const { headers } = await ask("new/file", { method: "HEAD" });
    equal(response.headers["last-modified"], headers["last-modified"]);
  });

  test("PUT takes the place of a file, whose permissions stay", async () => {
    await writeFile(at("private"), "old");
    await chmod(at("private"), 0o640);
    equal((await ask("private", { method: "PUT", body: "new" })).status, 204);
    equal(await readFile(at("private"), "utf8"), "new");
    equal((await stat(at("private"))).mode & 0o777, 0o640);
  });

  test("PUT of a body that is longer than all that is written at a time", async () => {
    const bytes = randomBytes(3 * 1024 * 1024 + 5);
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      for (let start = 0; start < bytes.length; start += 100_001) {
        yield await Promise.resolve(bytes.subarray(start, start + 100_001));
      }
    };
    await ask("put-large", { method: "PUT", body: pieces() });
    equal((await readFile(at("put-large"))).equals(bytes), true);
  });

  test("a body that fails, or is shorter than announced, leaves what was there, and no draft", async () => {
    await mkdir(at("cut"));
    await writeFile(at("cut/file"), "old");
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from("half"));
      throw new Error("no more");
    };
    await rejects(ask("cut/file", { method: "PUT", body: failing() }), /no more/);
    const short = ask("cut/file", { method: "PUT", body: "half", headers: { "content-length": "8" } });
    await rejects(short, { code: "REQUEST_BODY_FAILED" });
    // What removes a draft is not waited for, but what is asked next is answered after it.
    equal(await textOf(await ask("cut/file")), "old");
    deepEqual(await readdir(at("cut")), ["file"]);
  });

  test("If-None-Match: * creates only, and a part is not taken for the whole", async () => {
    await writeFile(at("there"), "old");
    equal((await ask("there", { method: "PUT", body: "new", headers: { "if-none-match": "*" } })).status, 412);
    const part = { "content-range": "bytes 0-2/9" };
    equal((await ask("there", { method: "PUT", body: "new", headers: part })).status, 400);
    equal(await readFile(at("there"), "utf8"), "old");
    equal((await ask("dir/", { method: "PUT", body: "new" })).status, 409);
  });

  test("DELETE removes a file, or a link itself", async () => {
    await writeFile(at("gone"), "");
    await writeFile(at("kept"), "kept");
    await symlink(at("kept"), at("to-kept"));
    equal((await ask("gone", { method: "DELETE" })).status, 204);
    equal((await ask("to-kept", { method: "DELETE" })).status, 204);
    await rejects(stat(at("gone")), { code: "ENOENT" });
    await rejects(stat(at("to-kept")), { code: "ENOENT" });
    equal(await readFile(at("kept"), "utf8"), "kept");
  });

  test("other methods are not allowed", async () => {
    const { status, headers } = await ask("a.txt", { method: "POST", body: "x" });
    deepEqual([status, headers["allow"]], [405, "GET, HEAD, PUT, DELETE"]);
  });

  test("what is no file is refused by its kind, and nothing waits for the other end of a pipe", async () => {
    await mkdir(at("directory"));
    await runPeer("mkfifo", [at("pipe")]);
    const listener = createServer().listen(at("socket"));
    const refused = async (path: string, detail: RegExp, facts?: RequestFacts): Promise<void> => {
      const request = schemeRequest(server.url(path), facts);
      await rejects(handler.handle(request), { name: "FileError", code: "FILE_NOT_REGULAR", message: detail });
    };
    await refused(at("directory"), /it is a directory.*slash/);
    await refused(at("pipe"), /it is a pipe/);
    await refused(at("socket"), /it is a socket/);
    await refused("/dev/zero", /it is a character device/);
    await refused("/dev/null", /it is a character device/, { method: "PUT", body: "x" });
    await refused(at("directory"), /it is a directory/, { method: "DELETE" });
    await refused(at("directory"), /it is a directory/, { method: "PUT", body: "x" });
    await writeFile(at("file"), "");
    const named = { name: "FileError", code: "FILE_NOT_FOUND", message: /it is a file.*slash/ };
    await rejects(handler.handle(schemeRequest(server.url(`${at("file")}/`))), named);
    await symlink(at("file"), at("link"));
    await refused(at("link"), /it is a link/, { method: "PUT", body: "x" });
    listener.close();
  });

  test("what is missing, or not permitted, is told by name", async () => {
    await rejects(ask("missing"), { code: "FILE_NOT_FOUND", operation: "examine" });
    await rejects(ask("missing/"), { code: "FILE_NOT_FOUND" });
    await rejects(ask("missing", { method: "DELETE" }), { code: "FILE_NOT_FOUND" });
    await rejects(ask("missing/file", { method: "PUT", body: "x" }), { code: "FILE_NOT_FOUND" });
  });

  test("requests in parallel share one connection", async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => writeFile(at(`p${String(index)}`), String(index))));
    const before = connections;
    const texts = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => textOf(await ask(`p${String(index)}`))),
    );
    deepEqual(
      texts,
      Array.from({ length: 20 }, (_, index) => String(index)),
    );
    equal(connections, before);
    equal(connections, 1);
  });

  test("partitions do not share a connection", async () => {
    const before = connections;
    await textOf(await ask("a.txt", { partition: "https://news.example" }));
    equal(connections, before + 1);
  });

  test("a connection that was lost while nobody used it is opened again", async () => {
    await server.restart();
    equal(await textOf(await ask("a.txt")), "hello\n");
  });

  test("a reader that stops early closes the file; the signal ends one that reads, and no other", async () => {
    const bytes = randomBytes(4 * 1024 * 1024);
    await writeFile(at("stopped"), bytes);
    const stopping = piecesOf(await ask("stopped"));
    await stopping.next();
    equal((await stopping.return?.())?.done, true);
    const abort = new AbortController();
    const one = piecesOf(await ask("stopped", { signal: abort.signal }));
    const other = await ask("stopped");
    await one.next();
    abort.abort(new Error("enough"));
    await rejects(async () => one.next(), /enough/);
    equal((await bytesOf(other)).equals(bytes), true);
  });

  test("closing the handler ends what is read", async () => {
    const other = sftpScheme({ knownHosts: await server.knownHosts(), keys: [{ file: await server.userKey() }] });
    await writeFile(at("endless"), randomBytes(8 * 1024 * 1024));
    const request = schemeRequest(server.url(at("endless")));
    const response = await other.handle(request);
    await piecesOf(response).next();
    await other.close();
    await rejects(bytesOf(response), { code: "MANAGER_CLOSED" });
    await rejects(other.handle(request), { code: "MANAGER_CLOSED" });
  });
});

function piecesOf({ body }: SchemeResponse): AsyncIterator<Uint8Array> {
  return (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
}
