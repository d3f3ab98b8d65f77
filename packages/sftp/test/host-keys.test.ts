import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Openssh, makeSshKey, runPeer, startOpenssh } from "@fairlead/conformance/peers";
import { sftpScheme, type HostKeyAnswer, type HostKeyQuestion, type SftpOptions } from "@fairlead/sftp";
import { schemeRequest, textOf, type RequestFacts } from "./peers/request.ts";

describe("the key of a host", () => {
  let server: Openssh;
  let folder: string;
  let userKey: string;
  let files = 0;

  before(async () => {
    server = await startOpenssh({ hostKeys: ["ed25519", "rsa", "ecdsa"] });
    userKey = await server.userKey();
    folder = await mkdtemp(join(tmpdir(), "fairlead-known-hosts-"));
    await writeFile(join(server.files, "a"), "hello");
    await makeSshKey(join(folder, "other"), "ed25519");
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const knownHosts = async (...lines: readonly string[]): Promise<string> => {
    files += 1;
    const file = join(folder, `known_hosts_${String(files)}`);
    await writeFile(file, lines.map((line) => `${line}\n`).join(""), { mode: 0o600 });
    return file;
  };
  const otherKey = async (): Promise<string> => (await readFile(join(folder, "other.pub"), "utf8")).trim();
  const fetchOnce = async (options: SftpOptions, facts?: RequestFacts): Promise<string> => {
    const handler = sftpScheme({ ...options, keys: [{ file: userKey }] });
    try {
      return await textOf(await handler.handle(schemeRequest(server.url(`${server.files}/a`), facts)));
    } finally {
      await handler.close();
    }
  };
  const fingerprint = async (type: "ed25519" | "rsa" | "ecdsa"): Promise<string> => {
    const printed = await runPeer("ssh-keygen", ["-l", "-f", join(server.folder, `host_${type}.pub`)]);
    return printed.split(" ")[1] ?? "";
  };

  test("that is unknown refuses the host, and says what it shows", async () => {
    const shown = await fingerprint("ed25519");
    await rejects(fetchOnce({}), (error: Error & { code?: string }) => {
      equal(error.code, "HOST_KEY_UNKNOWN");
      return error.message.includes(`ssh-ed25519 ${shown}`);
    });
  });

  test("that is another than the known one refuses the host, and names both", async () => {
    const file = await knownHosts(`${server.name} ${await otherKey()}`);
    const other = (await runPeer("ssh-keygen", ["-l", "-f", join(folder, "other.pub")])).split(" ")[1] ?? "";
    const shown = await fingerprint("ed25519");
    await rejects(fetchOnce({ knownHosts: file }), (error: Error & { code?: string }) => {
      equal(error.code, "HOST_KEY_CHANGED");
      return error.message.includes(`known: ssh-ed25519 ${other}`) && error.message.includes(shown);
    });
  });

  test("that is revoked refuses the host, and is no question", async () => {
    const file = await knownHosts(`${server.name} ${await server.hostKey()}`, `@revoked * ${await server.hostKey()}`);
    const onHostKey = (): HostKeyAnswer => {
      throw new Error("nobody is to be asked");
    };
    await rejects(fetchOnce({ knownHosts: file, onHostKey }), { code: "HOST_KEY_REVOKED" });
  });

  for (const type of ["ed25519", "rsa", "ecdsa"] as const) {
    test(`of type ${type} is shown where it is the one that is known`, async () => {
      const file = await knownHosts(`${server.name} ${await server.hostKey(type)}`);
      equal(await fetchOnce({ knownHosts: file }), "hello");
    });
  }

  test("is found in any of several files, one of which is missing, under a hashed name", async () => {
    const file = await knownHosts(`${server.name} ${await server.hostKey()}`);
    await runPeer("ssh-keygen", ["-q", "-H", "-f", file]);
    match(await readFile(file, "utf8"), /^\|1\|/);
    equal(await fetchOnce({ knownHosts: [join(folder, "missing"), file] }), "hello");
  });

  test("is a question with all that is known about it", async () => {
    const file = await knownHosts(`${server.name} ${await otherKey()}`, `@cert-authority * ${await otherKey()}`);
    const questions: HostKeyQuestion[] = [];
    const onHostKey = (question: HostKeyQuestion): HostKeyAnswer => {
      questions.push(question);
      return { type: "accept" };
    };
    equal(await fetchOnce({ knownHosts: file, onHostKey }), "hello");
    const [{ signal, ...question } = { signal: undefined }] = questions;
    equal(signal?.aborted, false);
    const other = (await runPeer("ssh-keygen", ["-l", "-f", join(folder, "other.pub")])).split(" ")[1];
    deepEqual(question, {
      host: "127.0.0.1",
      port: server.port,
      keyType: "ssh-ed25519",
      fingerprint: await fingerprint("ed25519"),
      publicKey: (await server.hostKey()).split(" ").slice(0, 2).join(" "),
      state: "changed",
      knownFingerprints: [other],
      hasCertificateAuthority: true,
    });
  });

  test("that is refused, or answered with what is no answer, refuses the host", async () => {
    const answers = [{ type: "refuse" }, undefined, null, true, {}, { type: "yes" }];
    for (const answer of answers) {
      await rejects(fetchOnce({ onHostKey: () => answer as HostKeyAnswer }), { code: "HOST_KEY_UNKNOWN" });
    }
    const file = await knownHosts(`${server.name} ${await otherKey()}`);
    const refuse = (): HostKeyAnswer => ({ type: "refuse" });
    await rejects(fetchOnce({ knownHosts: file, onHostKey: refuse }), { code: "HOST_KEY_CHANGED" });
    await rejects(fetchOnce({ onHostKey: () => Promise.reject(new Error("no terminal")) }), /no terminal/);
  });

  test("is asked for once by all that wait, whatever user and partition they are of", async () => {
    let asked = 0;
    const answer = Promise.withResolvers<HostKeyAnswer>();
    const handler = sftpScheme({
      keys: [{ file: userKey }],
      onHostKey: () => {
        asked += 1;
        return answer.promise;
      },
    });
    const texts = ["", "https://a.example", "https://b.example"].map(async (partition) =>
      textOf(await handler.handle(schemeRequest(server.url(`${server.files}/a`), { partition }))),
    );
    answer.resolve({ type: "accept" });
    deepEqual(await Promise.all(texts), ["hello", "hello", "hello"]);
    equal(asked, 1);
    await handler.close();
  });

  test("that was accepted is known for as long as the handler lives, or for one connection", async () => {
    for (const [remember, questions] of [
      ["memory", 1],
      ["once", 2],
    ] as const) {
      let asked = 0;
      const onHostKey = (): HostKeyAnswer => {
        asked += 1;
        return { type: "accept", remember };
      };
      const handler = sftpScheme({ keys: [{ file: userKey }], onHostKey });
      const fetched = async (partition: string): Promise<string> =>
        textOf(await handler.handle(schemeRequest(server.url(`${server.files}/a`), { partition })));
      await fetched("");
      await fetched("https://a.example");
      equal(asked, questions, remember);
      await handler.close();
    }
  });

  test("is written into the file, where ssh finds it; what was there of this host goes", async () => {
    const file = await knownHosts("# mine", `${server.name} ${await otherKey()}`, `b.example ${await otherKey()}`);
    const link = join(folder, "link");
    await symlink(file, link);
    await chmod(file, 0o644);
    const onHostKey = (): HostKeyAnswer => ({ type: "accept", remember: "file" });
    equal(await fetchOnce({ knownHosts: [link], onHostKey }), "hello");
    equal(await fetchOnce({ knownHosts: [link] }), "hello");
    const [type = "", key = ""] = (await server.hostKey()).split(" ");
    equal(await readFile(file, "utf8"), `# mine\nb.example ${await otherKey()}\n${server.name} ${type} ${key}\n`);
    equal((await stat(file)).mode & 0o777, 0o644);
    const found = await runPeer("ssh-keygen", ["-F", server.name, "-f", file]);
    match(found, new RegExp(`found: line 3`));
  });

  test("is written into a file that was not there, for its owner alone", async () => {
    const file = join(folder, "new", "known_hosts");
    const onHostKey = (): HostKeyAnswer => ({ type: "accept", remember: "file" });
    await fetchOnce({ knownHosts: file, onHostKey });
    equal((await stat(file)).mode & 0o777, 0o600);
    equal((await stat(join(folder, "new"))).mode & 0o777, 0o700);
  });

  test("that cannot be remembered ends the request", async () => {
    const onHostKey = (): HostKeyAnswer => ({ type: "accept", remember: "file" });
    await rejects(fetchOnce({ onHostKey }), { code: "OPTION_INVALID" });
    const file = await knownHosts(`[127.0.0.*]:${String(server.port)} ${await otherKey()}`);
    await rejects(fetchOnce({ knownHosts: file, onHostKey }), { code: "STORE_WRITE_FAILED", message: /line 1/ });
    const wrong = (): HostKeyAnswer => ({ type: "accept", remember: "ever" as "file" });
    await rejects(fetchOnce({ onHostKey: wrong }), { code: "OPTION_INVALID" });
    await rejects(fetchOnce({ knownHosts: folder }), { code: "STORE_OPEN_FAILED" });
  });

  test("is not asked for any more when the request has gone", async () => {
    const abort = new AbortController();
    const told = Promise.withResolvers<AbortSignal>();
    const onHostKey = ({ signal }: HostKeyQuestion): Promise<HostKeyAnswer> => {
      told.resolve(signal);
      return new Promise(() => undefined);
    };
    const request = fetchOnce({ onHostKey }, { signal: abort.signal });
    const signal = await told.promise;
    abort.abort(new Error("never mind"));
    await rejects(request, /never mind/);
    equal(signal.aborted, true);
  });
});
