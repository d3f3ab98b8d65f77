import { readFile } from "node:fs/promises";
import { ArgumentsError } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { FileError } from "../file-error.ts";
import { printable } from "../terminal/printable.ts";

/** Options that say which running network or relay is meant. */
export const controlOptions = { control: { type: "value" }, manifest: { type: "value" } } as const;

/** What they were given. */
export interface ControlChoice {
  readonly control: string | undefined;
  readonly manifest: string | undefined;
}

/** Where a running network or relay is looked at and changed. */
export interface ControlClient {
  /**
   * Sends a request, and gives the answer's JSON.
   *
   * @throws ArgumentsError with its one line where the network refuses; TransportError where there is none.
   */
  ask(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<unknown>;
}

/**
 * Finds the running network: by `--control`, by `--manifest`, or by what FAIRLEAD_TESTSERVER holds, which is either.
 *
 * @throws ArgumentsError, FileError
 */
export async function findControl(
  choice: ControlChoice,
  { env, signal }: Pick<Surroundings, "env" | "signal">,
): Promise<ControlClient> {
  const found = env["FAIRLEAD_TESTSERVER"];
  const isUrl = found?.startsWith("http:") ?? false;
  const base =
    choice.control ??
    (choice.manifest !== undefined
      ? await controlOf(choice.manifest)
      : found === undefined || isUrl
        ? found
        : await controlOf(found));
  if (base === undefined) {
    throw new ArgumentsError("give --control URL or --manifest FILE, or set FAIRLEAD_TESTSERVER to either");
  }
  const url = URL.parse(base);
  if (url?.protocol !== "http:") throw new ArgumentsError(`there is no control address in ${JSON.stringify(base)}`);
  return { ask: (method, path, body) => ask(new URL(path, url), method, body, signal) };
}

async function controlOf(file: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new FileError(`read ${file}`, cause);
  }
  try {
    const { control } = JSON.parse(text) as { readonly control?: unknown };
    if (typeof control === "string") return control;
  } catch {
    // Told below, as for JSON that is no manifest.
  }
  throw new ArgumentsError(`${file} is no manifest of a running network`);
}

async function ask(url: URL, method: string, body: object | undefined, signal: AbortSignal): Promise<unknown> {
  const content =
    body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  let status: number;
  let text: string;
  try {
    const response = await fetch(url, { method, signal, redirect: "error", ...content });
    status = response.status;
    text = await response.text();
  } catch (error) {
    signal.throwIfAborted();
    const { transportErrorFrom } = await import("@fairlead/transport");
    const cause = error instanceof Error ? error.cause : undefined;
    throw transportErrorFrom(cause ?? error, { operation: "control", peer: url.host });
  }
  if (status !== 200) throw new ArgumentsError(printable(text.trim().slice(0, 300)));
  try {
    return JSON.parse(text);
  } catch {
    throw new ArgumentsError(`${url.origin} does not control a test network`);
  }
}
