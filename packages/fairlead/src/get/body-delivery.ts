import type { DownloadResult, Reply } from "@fairlead/access";
import { once } from "node:events";
import type { Output, Surroundings } from "../command.ts";
import { FileError } from "../file-error.ts";
import type { GetPlan } from "./plan.ts";
import { TerminalGuard } from "./terminal-guard.ts";

/** Where a body goes that is no file. */
export type Destination =
  | { readonly type: "stream"; readonly guard: TerminalGuard | undefined }
  /** Into the JSON object. */
  | { readonly type: "document" };

/** What the JSON object of `--json` says about the body. */
export type DeliveredBody =
  /** Valid UTF-8. */
  | { readonly bytes: number; readonly text: string }
  | { readonly bytes: number; readonly base64: string }
  | {
      readonly bytes: number;
      readonly file: string;
      /** What an earlier call had left; left out for nothing. */
      readonly resumedFromBytes?: number;
      /** What was verified, in hexadecimal by algorithm; left out for nothing. */
      readonly digests?: DownloadResult["digests"];
    }
  | undefined;

/** Where the body of a plan goes. */
export function destinationOf({ output, json }: GetPlan, { stdout }: Surroundings): Destination {
  if (json) return { type: "document" };
  const isGuarded = stdout.isTTY === true && output.type === "default";
  return { type: "stream", guard: isGuarded ? new TerminalGuard() : undefined };
}

/** Takes the body of a reply to its destination, as it comes. @throws FileError, or what reading the body throws. */
export async function deliverBody(
  reply: Reply,
  destination: Destination,
  surroundings: Surroundings,
): Promise<DeliveredBody> {
  switch (destination.type) {
    case "document":
      return describeBytes(await reply.bytes());
    case "stream":
      await writeStream(reply, destination.guard, surroundings);
      return undefined;
  }
}

function describeBytes(bytes: Uint8Array): DeliveredBody {
  try {
    return { bytes: bytes.length, text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { bytes: bytes.length, base64: Buffer.from(bytes).toString("base64") };
  }
}

async function writeStream(
  reply: Reply,
  guard: TerminalGuard | undefined,
  { stdout, signal }: Surroundings,
): Promise<void> {
  let last: number | undefined;
  for await (const chunk of reply) {
    guard?.check(chunk);
    await write(stdout, chunk, signal);
    last = chunk.at(-1) ?? last;
  }
  // What is printed after the body, the prompt for one, begins on a line of its own.
  if (guard !== undefined && last !== undefined && last !== 0x0a) stdout.write("\n");
}

/** Writes a chunk and waits until there is room for the next. */
async function write(stdout: Output, chunk: Uint8Array, signal: AbortSignal): Promise<void> {
  // A reader that is gone is seen by the process's own listener, which fires the signal.
  signal.throwIfAborted();
  if (stdout.write(chunk)) return;
  try {
    await once(stdout, "drain", { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new FileError("write to standard output", cause);
  }
}
