import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { makeSshKey, startOpenssh, type Openssh } from "@fairlead/conformance/peers";
import { runCommandLine } from "../../src/command-line.ts";
import { FakeTerminal } from "../fake-terminal.ts";

describe("fairlead get of sftp", () => {
  let server: Openssh;
  let homes = 0;
  let folder: string;

  before(async () => {
    server = await startOpenssh();
    folder = await mkdtemp(join(tmpdir(), "fairlead-homes-"));
    await writeFile(join(server.files, "a.txt"), "hello\n");
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  /** A home directory with what ssh has there. */
  const home = async (known: string | undefined, key: string | undefined): Promise<string> => {
    homes += 1;
    const path = join(folder, String(homes));
    await mkdir(join(path, ".ssh"), { recursive: true });
    if (known !== undefined) await copyFile(known, join(path, ".ssh", "known_hosts"));
    if (key !== undefined) await copyFile(key, join(path, ".ssh", "id_ed25519"));
    return path;
  };
  const url = (): string => server.url(join(server.files, "a.txt")).href;
  const get = (terminal: FakeTerminal, ...args: readonly string[]): Promise<number> =>
    runCommandLine(["get", "--store", "memory:", "--no-proxy", ...args], terminal.surroundings);

  test("the known hosts and keys of ssh are used", async () => {
    const terminal = new FakeTerminal({ HOME: await home(await server.knownHosts(), await server.userKey()) });
    assert.equal(await get(terminal, url()), 0, terminal.shown);
    assert.equal(terminal.printed, "hello\n");
    assert.equal(terminal.shown, "");
  });

  test("a host whose key is not known is a question: yes goes on this time, anything else does not", async () => {
    const path = await home(undefined, await server.userKey());
    const willing = new FakeTerminal({ HOME: path });
    const done = get(willing, url());
    await willing.answer(/ssh-ed25519 SHA256:.+\n.+Type yes/, "yes\n");
    assert.equal(await done, 0, willing.shown);
    await assert.rejects(readFile(join(path, ".ssh", "known_hosts")), { code: "ENOENT" });
    for (const typed of ["y\n", "\n", "YES\n"]) {
      const wary = new FakeTerminal({ HOME: path });
      const refused = get(wary, url());
      await wary.answer(/Type yes/, typed);
      assert.equal(await refused, 6);
      assert.match(wary.shown, /HOST_KEY_UNKNOWN/);
    }
  });

  test("a host whose key has changed is refused, with both fingerprints and without a question", async () => {
    await makeSshKey(join(folder, "other"), "ed25519");
    const known = join(folder, "known_hosts");
    await writeFile(known, `${server.name} ${await readFile(join(folder, "other.pub"), "utf8")}`);
    const terminal = new FakeTerminal({ HOME: await home(known, await server.userKey()) });
    assert.equal(await get(terminal, url()), 6);
    assert.match(terminal.shown, /shows ssh-ed25519 SHA256:.+known: ssh-ed25519 SHA256:.+HOST_KEY_CHANGED/);
  });

  test("nobody is asked without a terminal", async () => {
    const terminal = new FakeTerminal({ HOME: await home(undefined, undefined) });
    terminal.stdin.isTTY = false;
    assert.equal(await get(terminal, url()), 6);
    assert.match(terminal.shown, /HOST_KEY_UNKNOWN/);
  });

  test("the passphrase of a key is asked for, and not shown", async () => {
    const key = await server.userKey("ed25519", "open sesame");
    const terminal = new FakeTerminal({ HOME: await home(await server.knownHosts(), key) });
    const done = get(terminal, url());
    await terminal.answer(/Passphrase for .+id_ed25519: /, "open sesame\n");
    assert.equal(await done, 0, terminal.shown);
    assert.equal(terminal.shown.includes("sesame"), false);
  });

  test("who is not let in is told what was tried", async () => {
    const terminal = new FakeTerminal({ HOME: await home(await server.knownHosts(), undefined) });
    assert.equal(await get(terminal, "-v", url()), 10);
    assert.match(terminal.shown, /nothing to try; the server takes publickey.+AUTHENTICATION_FAILED/);
  });

  test("--verbose tells the connection", async () => {
    const terminal = new FakeTerminal({ HOME: await home(await server.knownHosts(), await server.userKey()) });
    assert.equal(await get(terminal, "-v", url()), 0);
    assert.match(terminal.shown, /200.+GET .+sftp:\/\//);
    assert.match(terminal.shown, /127\.0\.0\.1, new connection/);
  });
});
