import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, readdir, readlink } from "node:fs/promises";
import type { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";

/** A program at the other end of a connection, as one types into it and reads what it prints. */
export interface PeerProgram extends AsyncDisposable {
  readonly pid: number;
  /** Everything it has printed. */
  readonly output: string;
  /** Resolves once what it has printed matches; fails when it has ended without, or a minute has passed. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  type(text: string): void;
  /** Ends its standard input. */
  endInput(): void;
  /** Asks it to end, as programs want that have children of their own, and waits for that. */
  end(): Promise<number | null>;
  /** Resolves when it has ended, to its exit code. */
  ended(): Promise<number | null>;
}

/** How long a program may take to say something: a machine that is busy makes some wait long, none as long as that. */
const PATIENCE_MILLISECONDS = 60_000;

/**
 * Starts it. Disposing of it ends it, whatever it waits for.
 *
 * @param environment what it gets beside this process's own.
 */
export async function startPeer(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<PeerProgram> {
  const env = { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin`, ...environment };
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], env });
  const listeners = new Set<() => void>();
  let output = "";
  let closed = false;
  const notify = (): void => {
    for (const listener of listeners) listener();
  };
  const streams: readonly Readable[] = [child.stdout, child.stderr];
  for (const stream of streams) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      notify();
    });
  }
  // It may end while something is typed.
  child.stdin.on("error", () => undefined);
  const end = once(child, "close") as Promise<[number | null]>;
  const over = end.then(([code]) => {
    closed = true;
    notify();
    return code;
  });
  over.catch(() => undefined);
  await once(child, "spawn");
  return {
    pid: child.pid ?? 0,
    get output() {
      return output;
    },
    says(pattern) {
      const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
      const fail = (what: string): void => {
        reject(new Error(`${command} ${what} and never printed ${String(pattern)}, but:\n${output}`));
      };
      const look = (): void => {
        const match = pattern.exec(output);
        if (match !== null) resolve(match);
        else if (closed) fail("ended");
      };
      const patience = setTimeout(() => fail("was waited for"), PATIENCE_MILLISECONDS);
      listeners.add(look);
      look();
      return promise.finally(() => {
        clearTimeout(patience);
        listeners.delete(look);
      });
    },
    type(text) {
      child.stdin.write(text);
    },
    endInput() {
      child.stdin.end();
    },
    ended: () => over,
    end() {
      child.kill("SIGTERM");
      return over;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await over;
    },
  };
}

/**
 * Finds the port that a process listens on, on IPv4, for programs that do not say which port they were given.
 *
 * @param wanted the one that is waited for, of a program that listens on several
 */
export async function listeningPort(
  { pid }: PeerProgram,
  protocol: "tcp" | "udp" = "tcp",
  wanted?: number,
): Promise<number> {
  for (;;) {
    const inodes = new Set<string>();
    for (const descriptor of await readdir(`/proc/${String(pid)}/fd`)) {
      const target = await readlink(`/proc/${String(pid)}/fd/${descriptor}`).catch(() => "");
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode !== undefined) inodes.add(inode);
    }
    for (const line of (await readFile(`/proc/${String(pid)}/net/${protocol}`, "utf8")).split("\n")) {
      const [, local = "", , state = "", , , , , , inode = ""] = line.trim().split(/\s+/);
      if (state !== listening[protocol] || !inodes.has(inode)) continue;
      const port = Number.parseInt(local.split(":")[1] ?? "", 16);
      if (wanted === undefined || port === wanted) return port;
    }
    await nextTurn();
  }
}

/** TCP_LISTEN and TCP_CLOSE, in hexadecimal: UDP has no other state before it is connected. */
const listening = { tcp: "0A", udp: "07" } as const;
