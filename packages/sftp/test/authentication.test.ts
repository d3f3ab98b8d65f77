import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { after, before, describe, test } from "node:test";
import type { SchemeCredentials, SchemeCredentialsQuestion } from "@fairlead/access";
import {
  type Openssh,
  type SshKeyType,
  makeSshKey,
  runPeer,
  startOpenssh,
  startPeer,
} from "@fairlead/conformance/peers";
import { sftpScheme, type SftpOptions } from "@fairlead/sftp";
import ssh2, { type AuthContext, type BaseAgent, type ParsedKey } from "ssh2";
import { Authentication } from "../src/authentication.ts";
import { identitySources } from "../src/identities.ts";
import { Patience } from "../src/patience.ts";
import { openTcp, schemeRequest, textOf, type RequestFacts } from "./peers/request.ts";
import { startSshServer, type SshServerOptions } from "./peers/ssh-server.ts";

const PASSWORD = "correct horse";

describe("who the user is, to OpenSSH", () => {
  let server: Openssh;
  let folder: string;
  let knownHosts: string;

  before(async () => {
    server = await startOpenssh();
    folder = await mkdtemp(join(tmpdir(), "fairlead-keys-"));
    knownHosts = await server.knownHosts();
    await writeFile(join(server.files, "a"), "hello");
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const fetchBy = async (options: SftpOptions, facts?: RequestFacts): Promise<string> => {
    const handler = sftpScheme({ knownHosts, ...options });
    try {
      return await textOf(await handler.handle(schemeRequest(server.url(`${server.files}/a`), facts)));
    } finally {
      await handler.close();
    }
  };
  const startAgent = async (...keys: readonly string[]) => {
    const socket = join(await mkdtemp(join(folder, "agent-")), "socket");
    const agent = await startPeer("ssh-agent", ["-D", "-a", socket]);
    await agent.says(/SSH_AUTH_SOCK/);
    for (const key of keys) await runPeer("ssh-add", ["-q", key], { SSH_AUTH_SOCK: socket });
    return { socket, [Symbol.asyncDispose]: () => agent[Symbol.asyncDispose]() };
  };

  for (const type of ["ed25519", "rsa", "ecdsa"] satisfies readonly SshKeyType[]) {
    test(`a key of type ${type}, from a file and by an agent`, async () => {
      const key = await server.userKey(type);
      equal(await fetchBy({ keys: [{ file: key }] }), "hello");
      equal(await fetchBy({ keys: [{ privateKey: await readFile(key, "utf8") }] }), "hello");
      await using agent = await startAgent(key);
      equal(await fetchBy({ agent: { socket: agent.socket } }), "hello");
    });
  }

  test("the keys of an agent come first, and no key is read that is not needed", async () => {
    await using agent = await startAgent(await server.userKey());
    equal(await fetchBy({ agent: { socket: agent.socket }, keys: [{ file: join(folder, "missing") }] }), "hello");
  });

  test("the agent of the environment is used where that is asked for", async () => {
    await using agent = await startAgent(await server.userKey());
    const before = process.env["SSH_AUTH_SOCK"];
    process.env["SSH_AUTH_SOCK"] = agent.socket;
    try {
      await rejects(fetchBy({}), { code: "AUTHENTICATION_FAILED" });
      equal(await fetchBy({ agent: "environment" }), "hello");
    } finally {
      if (before === undefined) delete process.env["SSH_AUTH_SOCK"];
      else process.env["SSH_AUTH_SOCK"] = before;
    }
  });

  test("an agent that is not there has no keys; one that never answers has as much time as the server", async () => {
    const key = await server.userKey();
    equal(await fetchBy({ agent: { socket: join(folder, "nobody") }, keys: [{ file: key }] }), "hello");
    const left = Promise.withResolvers<undefined>();
    const silent = createServer((socket) => {
      socket.on("error", () => undefined).resume();
      socket.once("close", () => {
        left.resolve(undefined);
      });
    }).listen(join(folder, "silent"));
    const request = fetchBy({ agent: { socket: join(folder, "silent") } }, { connectMilliseconds: 1000 });
    await rejects(request, { code: "TIMED_OUT", phase: "connect" });
    await left.promise;
    silent.close();
  });

  test("keys are tried one after the other; one that the server does not know is passed over", async () => {
    await makeSshKey(join(folder, "stranger"), "ed25519");
    equal(await fetchBy({ keys: [{ file: join(folder, "stranger") }, { file: await server.userKey() }] }), "hello");
    await rejects(fetchBy({ keys: [{ file: join(folder, "stranger") }] }), {
      code: "AUTHENTICATION_FAILED",
      message: /tried in vain: publickey; the server takes publickey/,
    });
  });

  test("a key with a passphrase: given, asked for, wrong, or not to be had", async () => {
    const file = await server.userKey("ed25519", "open sesame");
    equal(await fetchBy({ keys: [{ file, passphrase: "open sesame" }] }), "hello");
    const questions: SchemeCredentialsQuestion[] = [];
    const answers = ["wrong", "open sesame"];
    const authenticate = (question: SchemeCredentialsQuestion): Promise<SchemeCredentials> => {
      questions.push(question);
      return Promise.resolve({ username: server.username, password: answers.shift() ?? "" });
    };
    equal(await fetchBy({ keys: [{ file }] }, { authenticate }), "hello");
    const asked = { origin: `sftp://127.0.0.1:${String(server.port)}`, scheme: "passphrase", realm: file };
    deepEqual(
      questions,
      [0, 1].map((round) => ({ ...asked, username: server.username, round })),
    );
    const failed = fetchBy({ keys: [{ file, passphrase: "wrong secret" }] });
    await rejects(failed, (error: Error & { code?: string; cause?: { code?: string } }) => {
      deepEqual([error.code, error.cause?.code], ["AUTHENTICATION_FAILED", "PRIVATE_KEY_UNREADABLE"]);
      equal(inspect(error, { depth: 9 }).includes("wrong secret"), false);
      return true;
    });
    await rejects(fetchBy({ keys: [{ file }] }), { code: "AUTHENTICATION_FAILED" });
  });

  test("a file that holds no private key says so, and others are tried", async () => {
    const key = await server.userKey();
    await writeFile(join(folder, "no-key"), "secret notes");
    for (const file of [join(folder, "no-key"), `${key}.pub`, join(folder, "missing")]) {
      const failed = fetchBy({ keys: [{ file }] });
      await rejects(failed, (error: Error & { cause?: { code?: string } }) => {
        equal(error.cause?.code, "PRIVATE_KEY_UNREADABLE");
        equal(inspect(error, { depth: 9 }).includes("secret notes"), false);
        return true;
      });
      equal(await fetchBy({ keys: [{ file }, { file: key }] }), "hello");
    }
  });

  test("a server that wants two keys gets two", async () => {
    await using strict = await startOpenssh({ lines: ["AuthenticationMethods publickey,publickey"] });
    const keys = [{ file: await strict.userKey() }, { file: await strict.userKey("ecdsa") }];
    await writeFile(join(strict.files, "a"), "both");
    const handler = sftpScheme({ knownHosts: await strict.knownHosts(), keys });
    equal(await textOf(await handler.handle(schemeRequest(strict.url(`${strict.files}/a`)))), "both");
    await handler.close();
  });
});

test("no signature of SHA-1 is made, although the library asks for one where a server does not say what it takes", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-keys-"));
  await makeSshKey(join(folder, "key"), "rsa");
  using patience = new Patience("host:22", 10_000);
  const authentication = new Authentication({
    ssh: ssh2,
    target: { username: "user", peer: "host:22", origin: "sftp://host:22" },
    sources: identitySources(undefined, [{ file: join(folder, "key") }]),
    authenticate: () => Promise.resolve(undefined),
    patience,
    signal: new AbortController().signal,
  });
  await authentication.next(undefined, false);
  const attempt = await authentication.next(["publickey"], false);
  const { agent } = attempt as { agent: BaseAgent<ParsedKey> };
  const key = await new Promise<ParsedKey>((resolve) => {
    agent.getIdentities((_error, keys) => {
      resolve((keys as ParsedKey[])[0] as ParsedKey);
    });
  });
  const sign = (hash: string): Promise<Buffer | undefined> =>
    new Promise((resolve) => {
      agent.sign(key, Buffer.from("data"), { hash: hash as "sha256" }, (_error, signature) => {
        resolve(signature);
      });
    });
  equal(await sign("sha1"), undefined);
  const signature = await sign("sha512");
  ok(signature !== undefined && key.verify(Buffer.from("data"), signature, "sha512"));
  await rm(folder, { recursive: true });
});

describe("who the user is, by questions", () => {
  const fetchFrom = async (
    serverOptions: SshServerOptions,
    facts: RequestFacts,
    options: SftpOptions = {},
  ): Promise<string> => {
    await using server = await startSshServer(serverOptions);
    const handler = sftpScheme({ onHostKey: () => ({ type: "accept" }), ...options });
    try {
      return await textOf(await handler.handle(schemeRequest(server.url("/hello"), facts)));
    } finally {
      await handler.close();
    }
  };
  const passwords = (context: AuthContext): void => {
    if (context.method === "password" && context.password === PASSWORD) context.accept();
    else context.reject(["password"]);
  };
  const answering = (...answers: readonly (string | undefined)[]) => {
    const questions: SchemeCredentialsQuestion[] = [];
    const left = [...answers];
    const authenticate = (question: SchemeCredentialsQuestion): Promise<SchemeCredentials | undefined> => {
      questions.push(question);
      const password = left.shift();
      return Promise.resolve(password === undefined ? undefined : { username: question.username ?? "", password });
    };
    return { questions, authenticate };
  };

  test("a password is asked for, again when it was wrong, and three times at the most", async () => {
    const { questions, authenticate } = answering("wrong", PASSWORD);
    equal(await fetchFrom({ onAuthentication: passwords }, { authenticate }), "hello\n");
    deepEqual(
      questions.map(({ scheme, realm, username, round }) => [scheme, realm, username, round]),
      [
        ["password", "", "user", 0],
        ["password", "", "user", 1],
      ],
    );
    const wrong = answering("wrong 1", "wrong 2", "wrong 3", PASSWORD);
    const failed = fetchFrom({ onAuthentication: passwords }, { authenticate: wrong.authenticate });
    await rejects(failed, (error: Error & { code?: string }) => {
      equal(error.code, "AUTHENTICATION_FAILED");
      match(error.message, /tried in vain: password 3 times; the server takes password/);
      equal(/wrong \d/.test(inspect(error, { depth: 9 })), false);
      return true;
    });
    equal(wrong.questions.length, 3);
  });

  test("no answer ends the request, and the host hears of no try", async () => {
    const methods: string[] = [];
    const onAuthentication = (context: AuthContext): void => {
      methods.push(context.method);
      passwords(context);
    };
    await rejects(fetchFrom({ onAuthentication }, {}), { code: "AUTHENTICATION_FAILED", message: /nothing to try/ });
    deepEqual(methods, ["none"]);
  });

  test("an answer for another user is refused", async () => {
    const authenticate = (): Promise<SchemeCredentials> => Promise.resolve({ username: "root", password: PASSWORD });
    await rejects(fetchFrom({ onAuthentication: passwords }, { authenticate }), { message: /for another user/ });
  });

  test("what the application throws is what the request fails with", async () => {
    const authenticate = (): Promise<never> => Promise.reject(new Error("no terminal"));
    await rejects(fetchFrom({ onAuthentication: passwords }, { authenticate }), /no terminal/);
  });

  test("each prompt of the server's is a question of its own (RFC 4256)", async () => {
    const given: string[][] = [];
    const onAuthentication = (context: AuthContext): void => {
      if (context.method !== "keyboard-interactive") {
        context.reject(["keyboard-interactive"]);
        return;
      }
      const prompts = [
        { prompt: "Password: ", echo: false },
        { prompt: "Code: ", echo: true },
      ];
      context.prompt(prompts, "Two factors", "Look at your token.", (answers) => {
        given.push(answers);
        if (answers[1] === "123456") context.accept();
        else context.reject(["keyboard-interactive"]);
      });
    };
    const { questions, authenticate } = answering("one", "000000", "one", "123456");
    equal(await fetchFrom({ onAuthentication }, { authenticate }), "hello\n");
    deepEqual(given, [
      ["one", "000000"],
      ["one", "123456"],
    ]);
    deepEqual(
      questions.map(({ scheme, realm, round }) => [scheme, realm, round]),
      [0, 1].flatMap((round) => [
        ["keyboard-interactive", "Two factors Look at your token. Password:", round],
        ["keyboard-interactive", "Two factors Look at your token. Code:", round],
      ]),
    );
  });

  test("a server whose questions fail at once is given the password", async () => {
    const onAuthentication = (context: AuthContext): void => {
      if (context.method === "password" && context.password === PASSWORD) context.accept();
      else context.reject(["keyboard-interactive", "password"]);
    };
    const { questions, authenticate } = answering(PASSWORD);
    equal(await fetchFrom({ onAuthentication }, { authenticate }), "hello\n");
    deepEqual(
      questions.map(({ scheme }) => scheme),
      ["password"],
    );
  });

  test("a server that wants a key and then a password gets both", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fairlead-keys-"));
    await makeSshKey(join(folder, "key"), "ed25519");
    let hasKey = false;
    const onAuthentication = (context: AuthContext): void => {
      if (context.method === "publickey" && !hasKey) {
        hasKey = context.signature !== undefined;
        // Without a signature it was asked whether the key would do.
        if (hasKey) context.reject(["password"], true);
        else context.accept();
      } else if (hasKey && context.method === "password" && context.password === PASSWORD) context.accept();
      else context.reject(hasKey ? ["password"] : ["publickey"]);
    };
    const { authenticate } = answering(PASSWORD);
    const options = { keys: [{ file: join(folder, "key") }] };
    equal(await fetchFrom({ onAuthentication }, { authenticate }, options), "hello\n");
    await rm(folder, { recursive: true });
  });

  test("a server that asks without end is left", async () => {
    let rounds = 0;
    const onAuthentication = (context: AuthContext): void => {
      if (context.method !== "keyboard-interactive") {
        context.reject(["keyboard-interactive"]);
        return;
      }
      const ask = (): void => {
        rounds += 1;
        context.prompt([{ prompt: `Again ${String(rounds)}: `, echo: false }], ask);
      };
      ask();
    };
    const authenticate = (): Promise<SchemeCredentials> => Promise.resolve({ username: "user", password: "x" });
    await rejects(fetchFrom({ onAuthentication }, { authenticate }), { message: /asks without end/ });
    ok(rounds <= 10, String(rounds));
    const many = (context: AuthContext): void => {
      if (context.method !== "keyboard-interactive") context.reject(["keyboard-interactive"]);
      else
        context.prompt(
          Array.from({ length: 99 }, () => ({ prompt: "?", echo: true })),
          () => undefined,
        );
    };
    await rejects(fetchFrom({ onAuthentication: many }, { authenticate }), { message: /asks without end/ });
  });

  test("who answers in another way gets no connection of another's", async () => {
    await using server = await startSshServer({ onAuthentication: passwords });
    const handler = sftpScheme({ onHostKey: () => ({ type: "accept" }) });
    const right = answering(PASSWORD, PASSWORD);
    const fetched = async (facts: RequestFacts): Promise<string> =>
      textOf(await handler.handle(schemeRequest(server.url("/hello"), facts)));
    await fetched({ authenticate: right.authenticate });
    await fetched({ authenticate: right.authenticate });
    equal(right.questions.length, 1);
    await rejects(fetched({}), { code: "AUTHENTICATION_FAILED" });
    await rejects(fetched({ authenticate: answering("wrong").authenticate }), { code: "AUTHENTICATION_FAILED" });
    await handler.close();
  });

  test("one that waits goes on when the one that was asked has gone", async () => {
    await using server = await startSshServer({ onAuthentication: passwords });
    const handler = sftpScheme({ onHostKey: () => ({ type: "accept" }) });
    const abort = new AbortController();
    const asked = Promise.withResolvers<undefined>();
    let questions = 0;
    const authenticate = ({ username = "" }: SchemeCredentialsQuestion): Promise<SchemeCredentials> => {
      questions += 1;
      asked.resolve(undefined);
      if (questions > 1) return Promise.resolve({ username, password: PASSWORD });
      return new Promise((_resolve, reject) => {
        abort.signal.addEventListener("abort", () => {
          reject(abort.signal.reason as Error);
        });
      });
    };
    const first = handler.handle(schemeRequest(server.url("/hello"), { authenticate, signal: abort.signal }));
    const second = handler.handle(schemeRequest(server.url("/hello"), { authenticate }));
    await asked.promise;
    abort.abort(new Error("never mind"));
    await rejects(first, /never mind/);
    equal(await textOf(await second), "hello\n");
    await handler.close();
  });

  test("a URL with a password, or with what is not supported, is refused before anything is opened", async () => {
    const handler = sftpScheme();
    const openStream = (): Promise<never> => Promise.reject(new Error("opened"));
    const refused = async (url: string, code: string): Promise<void> => {
      await rejects(handler.handle(schemeRequest(url, { openStream })), (error: Error & { code?: string }) => {
        equal(error.code, code);
        equal(inspect(error).includes("hunter2"), false);
        return true;
      });
    };
    await refused("sftp://user:hunter2@host/a", "URL_USER_INFORMATION");
    await refused("sftp://user;fingerprint=ssh-rsa-00@host/a", "URL_INVALID");
    await refused("sftp://us%0Aer@host/a", "URL_INVALID");
    await refused("sftp://us%FFer@host/a", "URL_INVALID");
    await refused("sftp:///a", "URL_INVALID");
    await refused("sftp://ho%00st/a", "URL_INVALID");
    await refused("sftp://host/a%2Fb", "FILE_OUTSIDE_ROOT");
    await refused("sftp://host/..%5Csecret", "FILE_OUTSIDE_ROOT");
    await handler.close();
  });

  test("a host is written in many ways, and is one", async () => {
    await using server = await startSshServer();
    const opened: string[] = [];
    const handler = sftpScheme({ onHostKey: () => ({ type: "accept" }), username: "user" });
    const openStream: RequestFacts["openStream"] = (host, port) => {
      opened.push(host);
      return openTcp("127.0.0.1", port);
    };
    for (const host of ["LOCALHOST", "localhost", "user@LocalHost"]) {
      const url = `sftp://${host}:${String(server.port)}/hello`;
      equal(await textOf(await handler.handle(schemeRequest(url, { openStream }))), "hello\n");
    }
    deepEqual(opened, ["localhost"]);
    await handler.close();
  });
});
