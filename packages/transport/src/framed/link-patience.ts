import { UsageError } from "@fairlead/core";

/** How long streams over links wait, and how much they keep. */
export interface LinkPatience {
  /** Keeps the write side open when the peer ends its own. False by default, as for sockets. */
  readonly allowHalfOpen?: boolean | undefined;
  /** How long opening takes at most; 20,000 by default. */
  readonly openMilliseconds?: number | undefined;
  /** How long a stream outlives its link; 30,000 by default. */
  readonly reconnectMilliseconds?: number | undefined;
  /** After how long without an answer the other end is asked, and after as long again the link given up; 5,000. */
  readonly silenceMilliseconds?: number | undefined;
  /**
   * Bytes that are taken before they are read; 16,384 by default. As many are kept until they are acknowledged, or up to
   * 1 MiB where the other end takes more.
   */
  readonly windowBytes?: number | undefined;
}

/** All of it. @throws UsageError OPTION_INVALID for what is no positive integer. */
export function patienceOf(options: LinkPatience): typeof defaults {
  const entries = Object.entries(defaults).map(([name, value]) => {
    const given = options[name as keyof typeof defaults] ?? value;
    if (!Number.isSafeInteger(given) || given < 1) {
      throw new UsageError("OPTION_INVALID", { detail: name, remedy: "give a positive integer" });
    }
    return [name, given] as const;
  });
  // The same keys as the defaults'.
  return Object.fromEntries(entries) as typeof defaults;
}

const defaults = {
  openMilliseconds: 20_000,
  reconnectMilliseconds: 30_000,
  silenceMilliseconds: 5_000,
  windowBytes: 16_384,
};
