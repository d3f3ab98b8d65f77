import { UsageError } from "@fairlead/core";
import { siteHost } from "@fairlead/http/site";
import { canonicalHost } from "../memory/readers/hosts.ts";

/** What a manager is to forget: of a site, of a time, or of a site within a time. */
export interface ForgetRequest {
  /**
   * A host, or a URL of it: all hosts of its site, which is its registrable domain (`example.co.uk` for
   * `www.example.co.uk`) and all that is beneath it, or the host itself where it has none.
   */
  readonly site?: string | URL | undefined;
  /** What was written then or later. */
  readonly since?: Date | undefined;
  /** What was written then or before; now by default. */
  readonly until?: Date | undefined;
}

/** Milliseconds since the epoch of what nobody knows when it was learned: such is forgotten with every time. */
export const UNKNOWN_TIME = 0;

/** Tells what is to be forgotten. */
export interface ForgetScope {
  /** The site in question; `undefined` for all. */
  readonly site: string | undefined;
  /**
   * Whether what tells of these hosts, and was learned then, is to be forgotten.
   *
   * @param hosts as `URL.hostname` has them; one that stands for many begins with `*.`.
   * @param learnedAt milliseconds since the epoch, or {@link UNKNOWN_TIME}.
   */
  covers(hosts: readonly string[], learnedAt: number): boolean;
}

/** A part of a manager that has learned something by itself, beside the records of its store. */
export interface Forgetful {
  /** @returns of how many things it was that no record tells of, where somebody would count them. */
  forgetWithin(scope: ForgetScope): number;
}

/** All that there is. */
export const EVERYTHING: ForgetScope = { site: undefined, covers: () => true };

/** @throws UsageError OPTION_INVALID for what is no site or no time, and where neither is named. */
export function forgetScope({ site: given, since, until }: ForgetRequest): ForgetScope {
  if (given === undefined && since === undefined && until === undefined) {
    const remedy = "name a site or a time; clear() forgets everything";
    throw new UsageError("OPTION_INVALID", { operation: "forget", detail: "there is neither site nor time", remedy });
  }
  const site = given === undefined ? undefined : siteOf(given);
  const from = timeOf(since, -Infinity, "since");
  const to = timeOf(until, Infinity, "until");
  return {
    site,
    covers: (hosts, learnedAt) =>
      (learnedAt === UNKNOWN_TIME || (learnedAt >= from && learnedAt <= to)) &&
      (site === undefined || hosts.some((host) => siteHost(host.replace(/^\*\./, "")) === site)),
  };
}

function siteOf(given: string | URL): string {
  const text = String(given);
  const host = text.includes("://") ? (URL.parse(text)?.hostname ?? "") : canonicalHost(text);
  if (host === "") throw new UsageError("OPTION_INVALID", { operation: "forget", detail: "site" });
  return siteHost(host);
}

function timeOf(date: Date | undefined, otherwise: number, detail: string): number {
  const time = date?.getTime() ?? otherwise;
  if (Number.isNaN(time)) throw new UsageError("OPTION_INVALID", { operation: "forget", detail });
  return time;
}
