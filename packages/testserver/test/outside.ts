import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, resolve as resolvePath } from "node:path";
import type { TestContext } from "node:test";

/** What a program that is not ours did. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** Both, as they came. */
  readonly output: string;
  /** Exit code; `null` when a signal ended it, such as that of the deadline. */
  readonly code: number | null;
}

/** How a program is run. */
export interface RunOptions {
  /** What it reads; it gets the end of its input either way. */
  readonly input?: string | Uint8Array;
  /** Keeps its input open until its output contains this. */
  readonly until?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** 20,000 by default. */
  readonly timeoutMilliseconds?: number;
}

/** Programs that tests ask, by the Debian package that has each. */
const packageOf: Readonly<Record<string, string>> = {
  curl: "curl",
  openssl: "openssl",
  "gnutls-cli": "gnutls-bin",
  dig: "bind9-dnsutils",
  "coap-client-gnutls": "libcoap3-bin",
  "coap-client-openssl": "libcoap3-bin",
  mosquitto_pub: "mosquitto-clients",
  mosquitto_sub: "mosquitto-clients",
  swaks: "swaks",
  lftp: "lftp",
  sftp: "openssh-client",
  "ssh-keygen": "openssh-client",
  "ssh-keyscan": "openssh-client",
  nghttp: "nghttp2-client",
  psql: "postgresql-client",
  faketime: "faketime",
  python3: "python3",
};

/** The system's Python, which has the modules of Debian's packages; another may come before it in the path. */
const pathOf: Readonly<Record<string, string>> = { python3: "/usr/bin/python3" };

/** Runs a program without a shell or a configuration of the user's; it must end by itself, or is ended at a deadline. */
export async function run(
  program: string,
  arguments_: readonly string[],
  { input, until, env, timeoutMilliseconds = 20_000 }: RunOptions = {},
): Promise<Outcome> {
  const child = spawn(pathOf[program] ?? program, [...arguments_], {
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", LC_ALL: "C", ...env },
    timeout: timeoutMilliseconds,
    stdio: "pipe",
  });
  const texts = { stdout: "", stderr: "", output: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("latin1").on("data", (piece: string) => {
      texts[name] += piece;
      texts.output += piece;
      if (until !== undefined && texts.output.includes(until)) child.stdin.end();
    });
  }
  child.stdin.on("error", () => undefined);
  if (input !== undefined) child.stdin.write(Buffer.from(input));
  if (until === undefined) child.stdin.end();
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const utf8 = (text: string): string => Buffer.from(text, "latin1").toString();
  return { stdout: utf8(texts.stdout), stderr: utf8(texts.stderr), output: utf8(texts.output), code };
}

/** Skips the test where a program is missing, with what to install; in CI, where it must be, the test fails. */
export async function isMissing(context: TestContext, program: string): Promise<boolean> {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const paths = folders.map((folder) => resolvePath(folder, pathOf[program] ?? program));
  const found = await Promise.any(paths.map((path) => access(path, constants.X_OK))).then(
    () => true,
    () => false,
  );
  if (found) return false;
  const remedy = `${program} is missing: apt-get install ${packageOf[program] ?? program}`;
  assert.notEqual(process.env["CI"], "true", remedy);
  context.skip(remedy);
  return true;
}
