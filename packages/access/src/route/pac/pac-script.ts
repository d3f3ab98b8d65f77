import { isCodedError, UsageError } from "@fairlead/core";
import { open } from "node:fs/promises";
import type { PacSource } from "../options.ts";
import { failed, PacMachine } from "./pac-machine.ts";

/** A script, and for how long it holds. */
export interface FetchedScript {
  readonly text: string;
  /** By its `Cache-Control`; `undefined` where that does not say. */
  readonly maxAgeSeconds: number | undefined;
}

/** Fetches a script straight from its server, whatever proxies there are, and no more of it than the limit. */
export type FetchScript = (url: URL, limitBytes: number) => Promise<FetchedScript>;

/** Bytes of a script; the largest in use list tens of thousands of hosts. */
const SCRIPT_LIMIT_BYTES = 2 * 1024 * 1024;
/** How long a script is used that does not say. */
const DEFAULT_MAX_AGE_SECONDS = 3_600;
/** No script is fetched for each request, and none is used for ever. */
const MAX_AGE_BOUNDS_SECONDS = [60, 86_400] as const;
/** How soon a script is fetched again that could not be. */
const RETRY_SECONDS = 5;

/** One script: fetched when it is first asked, and again when it is out of date; loaded anew when it has failed. */
export class PacScript {
  readonly #source: PacSource;
  readonly #url: URL | undefined;
  readonly #fetchScript: FetchScript;
  readonly #now: () => number;
  #text: Promise<string> | undefined;
  /** When it is fetched again, by the clock. */
  #until = Number.POSITIVE_INFINITY;
  #machine: { readonly text: string; readonly loaded: Promise<PacMachine> } | undefined;

  /** @throws UsageError OPTION_INVALID */
  constructor(source: PacSource, fetchScript: FetchScript, now: () => number) {
    this.#source = source;
    this.#fetchScript = fetchScript;
    this.#now = now;
    if (!("pac" in source)) return;
    const url = URL.parse(String(source.pac));
    if (url === null || !["http:", "https:", "file:"].includes(url.protocol) || url.username !== "") {
      throw new UsageError("OPTION_INVALID", { detail: "proxy.pac", remedy: "give an http:, https: or file: URL" });
    }
    this.#url = url;
  }

  /**
   * The script, ready to be asked.
   *
   * @throws TransportError PROXY_SCRIPT_FAILED
   */
  async machine(): Promise<PacMachine> {
    const text = await this.#current();
    if (this.#machine?.text !== text) this.#machine = { text, loaded: PacMachine.load(text) };
    return this.#machine.loaded;
  }

  /** It failed, and nobody knows what state it is in. */
  discard(): void {
    this.#machine = undefined;
  }

  #current(): Promise<string> {
    if (this.#text !== undefined && this.#now() < this.#until) return this.#text;
    const before = this.#text;
    this.#until = Number.POSITIVE_INFINITY;
    const fetched = this.#read().then(
      ({ text, maxAgeSeconds = DEFAULT_MAX_AGE_SECONDS }) => {
        const [least, most] = MAX_AGE_BOUNDS_SECONDS;
        if (this.#url !== undefined) this.#expireIn(Math.min(most, Math.max(least, maxAgeSeconds)));
        return text;
      },
      (error: unknown) => {
        this.#expireIn(RETRY_SECONDS);
        // Better the old rules than none: where there are none, nobody goes past them.
        if (before !== undefined) return before;
        throw failed(isCodedError(error) ? `it cannot be had: ${error.code}` : "it cannot be had", error);
      },
    );
    this.#text = fetched;
    return fetched;
  }

  #expireIn(seconds: number): void {
    this.#until = this.#now() + seconds * 1000;
  }

  async #read(): Promise<FetchedScript> {
    if (this.#url === undefined) {
      return { text: "pacScript" in this.#source ? this.#source.pacScript : "", maxAgeSeconds: undefined };
    }
    if (this.#url.protocol !== "file:") return this.#fetchScript(this.#url, SCRIPT_LIMIT_BYTES);
    await using file = await open(this.#url);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(SCRIPT_LIMIT_BYTES + 1) });
    if (bytesRead > SCRIPT_LIMIT_BYTES) throw failed("it is too long");
    return { text: buffer.toString("utf8", 0, bytesRead), maxAgeSeconds: undefined };
  }
}
