import { deepEqual, equal, rejects } from "node:assert/strict";
import { mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { SchemeHandler, SchemeResponse } from "@fairlead/access";
import { type Openssh, startOpenssh } from "@fairlead/conformance/peers";
import { sftpScheme } from "@fairlead/sftp";
import ssh2, { type SFTPWrapper } from "ssh2";
import { schemeRequest, textOf, type RequestFacts } from "./peers/request.ts";
import { serveHello, startSshServer } from "./peers/ssh-server.ts";

describe("a root on an OpenSSH server", () => {
  let server: Openssh;
  let handler: SchemeHandler;
  const at = (name: string): string => join(server.files, name);
  const ask = (name: string, facts?: RequestFacts): Promise<SchemeResponse> =>
    handler.handle(schemeRequest(server.url(`${server.files}/${name}`), facts));
  const isOutside = { code: "FILE_OUTSIDE_ROOT" };

  before(async () => {
    server = await startOpenssh();
    await mkdir(at("root/inner"), { recursive: true });
    await mkdir(at("root2"));
    await mkdir(at("outside"));
    await writeFile(at("root/inner/a"), "inside");
    await writeFile(at("outside/secret"), "secret");
    await symlink(at("outside/secret"), at("root/to-secret"));
    await symlink("../outside", at("root/to-outside"));
    await symlink("inner/a", at("root/to-a"));
    await symlink("inner", at("root/to-inner"));
    await symlink(at("outside/not-yet"), at("root/dangling"));
    await symlink(at("root"), at("alias"));
    handler = sftpScheme({
      knownHosts: await server.knownHosts(),
      keys: [{ file: await server.userKey() }],
      root: at("root"),
    });
  });
  after(async () => {
    await handler.close();
    await server[Symbol.asyncDispose]();
  });

  test("what lies below it is read, listed, written and removed; links that stay below are followed", async () => {
    equal(await textOf(await ask("root/inner/a")), "inside");
    equal(await textOf(await ask("root/to-a")), "inside");
    equal(await textOf(await ask("root/to-inner/a")), "inside");
    equal((JSON.parse(await textOf(await ask("root/inner/"))) as unknown[]).length, 1);
    equal((await ask("root/", { method: "HEAD" })).status, 200);
    equal((await ask("root/to-inner/new", { method: "PUT", body: "new" })).status, 201);
    equal(await readFile(at("root/inner/new"), "utf8"), "new");
    equal((await ask("root/inner/new", { method: "DELETE" })).status, 204);
  });

  const outside: readonly (readonly [name: string, facts?: RequestFacts])[] = [
    ["outside/secret"],
    ["outside/missing"],
    ["root2/"],
    [""],
    ["root/to-secret"],
    ["root/to-secret", { method: "HEAD" }],
    ["root/to-outside/secret"],
    ["root/to-outside/"],
    ["root/dangling"],
    ["outside/new", { method: "PUT", body: "x" }],
    ["root/to-outside/new", { method: "PUT", body: "x" }],
    ["root/to-outside/secret", { method: "DELETE" }],
    ["root", { method: "DELETE" }],
  ];
  for (const [name, facts] of outside) {
    test(`${facts?.method ?? "GET"} of ${name === "" ? "its parent" : name} is refused`, async () => {
      await rejects(ask(name, facts), isOutside);
    });
  }

  test("other paths of the server are refused, whether there is something or not", async () => {
    const { username, port } = server;
    for (const path of ["/etc/passwd", "/etc/not-there", "/not/there/at/all", "/", "/~/", "/~/.profile", "/dev/null"]) {
      const url = `sftp://${username}@127.0.0.1:${String(port)}${path}`;
      await rejects(handler.handle(schemeRequest(url)), isOutside);
    }
  });

  test("nothing is written by way of a link, and a link that is removed takes nothing along", async () => {
    const refused = ask("root/to-secret", { method: "PUT", body: "x" });
    await rejects(refused, { code: "FILE_NOT_REGULAR", message: /it is a link/ });
    await symlink(at("outside/secret"), at("root/to-go"));
    equal((await ask("root/to-go", { method: "DELETE" })).status, 204);
    equal(await readFile(at("outside/secret"), "utf8"), "secret");
    deepEqual(await readdir(at("outside")), ["secret"]);
  });

  test("it may be named by a link itself, and paths by either name", async () => {
    const aliased = sftpScheme({
      knownHosts: await server.knownHosts(),
      keys: [{ file: await server.userKey() }],
      root: at("alias"),
    });
    for (const name of ["alias/inner/a", "root/inner/a"]) {
      equal(await textOf(await aliased.handle(schemeRequest(server.url(at(name))))), "inside");
    }
    await rejects(aliased.handle(schemeRequest(server.url(at("outside/secret")))), isOutside);
    await aliased.close();
  });

  test("it is an absolute path", () => {
    for (const root of ["", "files", "~/files"]) {
      let refused: unknown;
      try {
        sftpScheme({ root });
      } catch (error) {
        refused = error;
      }
      equal((refused as { code?: string }).code, "OPTION_INVALID", root);
    }
  });
});

test("a server that leaves links in what it resolves gives nothing by way of one", async () => {
  const { STATUS_CODE } = ssh2.utils.sftp;
  const attributes = (mode: number) => ({ mode, uid: 0, gid: 0, size: 6, atime: 1, mtime: 1 });
  const onSftp = (sftp: SFTPWrapper): void => {
    serveHello(sftp);
    sftp.removeAllListeners("LSTAT");
    sftp.on("LSTAT", (id, path) => {
      if (path === "/root/link") sftp.attrs(id, attributes(0o120777));
      else if (path.startsWith("/root/")) sftp.attrs(id, attributes(0o100644));
      else sftp.status(id, STATUS_CODE.FAILURE);
    });
    sftp.removeAllListeners("STAT");
    sftp.on("STAT", (id) => {
      sftp.attrs(id, attributes(0o100644));
    });
  };
  await using server = await startSshServer({ onSftp });
  const handler = sftpScheme({ onHostKey: () => ({ type: "accept" }), root: "/root" });
  equal(await textOf(await handler.handle(schemeRequest(server.url("/root/hello")))), "hello\n");
  for (const path of ["/root/link", "/root/link/hello"]) {
    await rejects(handler.handle(schemeRequest(server.url(path))), { code: "FILE_OUTSIDE_ROOT" });
  }
  await handler.close();
});
