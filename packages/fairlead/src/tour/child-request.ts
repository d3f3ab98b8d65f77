import type { Hop } from "@fairlead/access";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { Surroundings } from "../command.ts";

/** A hop as `get --json` prints it. */
export type PrintedHop = Pick<Hop, "method" | "url" | "reason" | "timing" | "reused" | "location"> & {
  /** Left out where there was no response. */
  readonly status?: number;
  /** Left out where there was no connection. */
  readonly connection?: NonNullable<Hop["connection"]>;
};

/** What `fairlead get --json` made of a request. */
export interface ChildOutcome {
  readonly exitCode: number | null;
  /** The one line of an error; empty when there was none. */
  readonly complaint: string;
  /** `undefined` when there was no response. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Of the body as it was delivered; `undefined` when there was none. */
  readonly bodyBytes: number | undefined;
  /** The code of the error; `undefined` when there was none. */
  readonly errorCode: string | undefined;
  readonly hops: readonly PrintedHop[];
}

/**
 * Runs `fairlead get --json` in a process of its own.
 *
 * @throws the signal's reason when it fires first.
 */
export async function requestInChild(
  args: readonly string[],
  { self, signal, env }: Surroundings,
): Promise<ChildOutcome> {
  signal.throwIfAborted();
  const [program, ...leading] = self;
  const child = spawn(program, [...leading, "get", "--json", ...args], {
    env: { ...env },
    signal,
    stdio: ["ignore", "pipe", "pipe"],
  });
  try {
    const [printed, complaint, ending] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    // The first argument of "close", as Node's documentation has it.
    const exitCode = ending[0] as number | null;
    const { status, headers, body, hops, error } = parsePrinted(printed);
    return {
      exitCode,
      complaint: complaint.trim(),
      status,
      headers: headers ?? {},
      bodyBytes: body?.bytes,
      errorCode: error?.code,
      hops: hops ?? [],
    };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

interface Printed {
  readonly status?: number;
  readonly headers?: ChildOutcome["headers"];
  readonly body?: { readonly bytes: number };
  readonly hops?: readonly PrintedHop[];
  readonly error?: { readonly code?: string };
}

/** A process that failed before it printed anything has said so on standard error; the checks see the rest. */
function parsePrinted(text: string): Printed {
  try {
    // What this program's own command printed a moment ago.
    return JSON.parse(text) as Printed;
  } catch {
    return {};
  }
}
