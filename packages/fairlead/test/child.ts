import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { buffer } from "node:stream/consumers";

const main = join(import.meta.dirname, "..", "src", "main.ts");
const flags = ["--conditions=source", "--disable-warning=ExperimentalWarning"];

/** What a finished process leaves behind. */
export interface Finished {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: Buffer;
}

/** How the command line is run. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly cwd?: string;
  /** Flags for Node.js itself. */
  readonly node?: readonly string[];
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** A user of their own, whose home is an empty directory; and the command line as that user runs it. */
export class TestUser implements AsyncDisposable {
  readonly home: string;

  constructor(home: string) {
    this.home = home;
  }

  /** Where the user's store is when nothing else is said. */
  get storeFile(): string {
    return join(this.home, "state", "fairlead", "network.db");
  }

  /** A path in the user's home. */
  path(name: string): string {
    return join(this.home, name);
  }

  /** Starts the command line, and leaves the rest to the caller. */
  start(args: readonly string[], { env = {}, cwd = this.home, node = [] }: RunOptions = {}): Child {
    const { PATH = "", NODE_COMPILE_CACHE } = process.env;
    return spawn(process.execPath, [...flags, ...node, main, ...args], {
      cwd,
      env: {
        PATH,
        ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }),
        HOME: this.home,
        XDG_STATE_HOME: this.path("state"),
        TMPDIR: this.path("tmp"),
        ...env,
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
  }

  /** Runs the command line to its end. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    const child = this.start(args, options);
    // A command that does not read its input may be gone before all is written.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.stdin ?? "");
    return finish(child);
  }

  /** Everything in the user's home but its two empty directories. */
  async files(): Promise<string[]> {
    const found = await readdir(this.home, { recursive: true });
    return found.filter((name) => name !== "tmp").sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }
}

/** Makes a user. */
export async function createUser(): Promise<TestUser> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "fairlead-cli-")));
  await mkdir(join(home, "tmp"));
  return new TestUser(home);
}

/** Waits for the end of a process. */
export async function finish(child: Child): Promise<Finished> {
  const [bytes, stderr, ending] = await Promise.all([buffer(child.stdout), buffer(child.stderr), once(child, "close")]);
  // The arguments of "close", as Node's documentation has them.
  const [exitCode, signal] = ending as [number | null, NodeJS.Signals | null];
  return { exitCode, signal, stdout: bytes.toString(), stderr: stderr.toString(), bytes };
}
