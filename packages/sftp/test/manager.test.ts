import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { openNetworkAccessManager, type AuthenticationQuestion } from "@fairlead/access";
import { type Openssh, listeningPort, startOpenssh, startPeer, unusedPort } from "@fairlead/conformance/peers";
import { sftpScheme } from "@fairlead/sftp";
import { HELLO, startSshServer } from "./peers/ssh-server.ts";

describe("sftp by a manager", () => {
  let server: Openssh;
  let key: string;
  let knownHosts: string;
  const at = (name: string): string => join(server.files, name);

  before(async () => {
    server = await startOpenssh();
    key = await server.userKey();
    knownHosts = await server.knownHosts();
  });
  after(() => server[Symbol.asyncDispose]());
  const scheme = () => sftpScheme({ knownHosts, keys: [{ file: key }] });

  test("request and fetch give what the handler answers, and the transaction tells the hop", async () => {
    await writeFile(at("a.json"), '{"a":1}');
    await using manager = await openNetworkAccessManager({ schemes: [scheme()] });
    const url = server.url(at("a.json"));
    const reply = await manager.request(url);
    deepEqual([reply.status, reply.headers["content-length"], await reply.json()], [200, "7", { a: 1 }]);
    equal(reply.transaction.hops.at(-1)?.reason, "scheme");
    const response = await manager.fetch(url, { headers: { range: "bytes=1-3" } });
    deepEqual([response.status, await response.text()], [206, '"a"']);
    equal((await manager.request(url, { method: "HEAD" })).headers["content-length"], "7");
    equal((await manager.request(server.url(at("b")), { method: "PUT", body: "new" })).status, 201);
    equal(await readFile(at("b"), "utf8"), "new");
    await rejects(manager.request(server.url(at("missing"))), { code: "FILE_NOT_FOUND" });
    await rejects(manager.fetch(server.url(at("missing"))), { code: "FILE_NOT_FOUND" });
    await rejects(manager.request(`sftp://u:secret@127.0.0.1/a`), { code: "URL_USER_INFORMATION" });
  });

  test("goes by the manager's proxies: SOCKS of microsocks", async () => {
    await writeFile(at("far"), "by proxy");
    await using socks = await startPeer("microsocks", ["-i", "127.0.0.1", "-p", String(await unusedPort())]);
    const proxy = `socks5://127.0.0.1:${String(await listeningPort(socks))}`;
    await using manager = await openNetworkAccessManager({ schemes: [scheme()], proxy });
    const reply = await manager.request(server.url(at("far")));
    equal(await reply.text(), "by proxy");
    match(String(reply.transaction.hops.at(-1)?.route), /^socks5:/);
    await socks.end();
    await using other = await openNetworkAccessManager({ schemes: [scheme()], proxy });
    await rejects(other.request(server.url(at("far"))), { code: "PROXY_UNREACHABLE" });
  });

  test("asks for a password by the manager's callback, once for all that wait, and remembers what was right", async () => {
    await using ssh = await startSshServer({
      onAuthentication: (context) => {
        if (context.method === "password" && context.password === "right") context.accept();
        else context.reject(["password"]);
      },
    });
    const questions: AuthenticationQuestion[] = [];
    const answers = ["wrong", "right"];
    await using manager = await openNetworkAccessManager({
      schemes: [sftpScheme({ onHostKey: () => ({ type: "accept" }), idleMilliseconds: 1 })],
      onAuthenticate: (question) => {
        questions.push(question);
        return { type: "password", username: "user", password: answers.shift() ?? "none left" };
      },
    });
    const texts = [1, 2, 3].map(async () => (await manager.request(ssh.url("/hello"))).text());
    deepEqual(await Promise.all(texts), [HELLO, HELLO, HELLO]);
    ssh.cut();
    equal(await (await manager.request(ssh.url("/hello"))).text(), HELLO);
    equal(questions.length, 2);
    const [first] = questions;
    deepEqual([first?.origin, first?.scheme], [`sftp://127.0.0.1:${String(ssh.port)}`, "password"]);
    deepEqual(
      questions[1]?.tried.map(({ username }) => username),
      ["user"],
    );
  });

  test("a body that nobody reads is let go of, and closing the manager waits for nothing", async () => {
    await writeFile(at("unread"), randomBytes(4 * 1024 * 1024));
    const manager = await openNetworkAccessManager({ schemes: [scheme()] });
    await using reply = await manager.request(server.url(at("unread")));
    equal(reply.status, 200);
    reply.discard();
    await manager.close();
    await rejects(manager.request(server.url(at("unread"))), { code: "MANAGER_CLOSED" });
  });

  test("a download to a file, and one that goes on where another was cut", async () => {
    const bytes = randomBytes(8 * 1024 * 1024);
    await writeFile(at("long"), bytes);
    await utimes(at("long"), 1_700_000_000, 1_700_000_000);
    const folder = await mkdtemp(join(tmpdir(), "fairlead-download-"));
    await using manager = await openNetworkAccessManager({ schemes: [scheme()], retry: false });
    await manager.download(server.url(at("long")), join(folder, "whole"));
    equal((await readFile(join(folder, "whole"))).equals(bytes), true);
    const abort = new AbortController();
    const cut = manager.download(server.url(at("long")), join(folder, "resumed"), {
      resume: true,
      signal: abort.signal,
      onProgress: ({ receivedBytes }) => {
        if (receivedBytes > 0) abort.abort(new Error("cut"));
      },
    });
    await rejects(cut, /cut/);
    const { resumedFromBytes } = await manager.download(server.url(at("long")), join(folder, "resumed"), {
      resume: true,
    });
    equal((await readFile(join(folder, "resumed"))).equals(bytes), true);
    equal(resumedFromBytes > 0, true);
    await rm(folder, { recursive: true });
  });

  test("a process ends although a connection is kept", async () => {
    await writeFile(at("once"), "once");
    const program = `
      import { openNetworkAccessManager } from "@fairlead/access";
      import { sftpScheme } from "@fairlead/sftp";
      const manager = await openNetworkAccessManager({
        schemes: [sftpScheme({ knownHosts: ${JSON.stringify(knownHosts)}, keys: [{ file: ${JSON.stringify(key)} }] })],
      });
      console.log(await (await manager.request(${JSON.stringify(server.url(at("once")).href)})).text());
    `;
    const flags = ["--conditions=source", "--input-type=module", "-e", program];
    await using child = await startPeer(process.execPath, flags);
    equal(await child.ended(), 0, child.output);
    match(child.output, /once/);
  });
});
