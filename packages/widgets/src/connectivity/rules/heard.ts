import type { ShownConnectivity } from "../shown-connectivity.ts";

/** What is read out: a state, or that what was lost is back. */
export type Announcement = Exclude<ShownConnectivity, "unknown"> | "online-again";

/** What somebody who does not see the page has heard of the network. */
export interface Heard {
  readonly state: ShownConnectivity;
  /** That it is gone was the last that was known before it is online again. */
  readonly wasOffline: boolean;
  /** What is to be read out now; `undefined` for nothing. */
  readonly said: Announcement | undefined;
}

/**
 * Decides what is read out by itself when the state is told: nothing at first, since a page begins with it, and nothing
 * while nobody knows; then each change, and after `offline` once that it is online again.
 *
 * @param before of the last time; `undefined` at first.
 */
export function hear(before: Heard | undefined, state: ShownConnectivity): Heard {
  if (before === undefined) return { state, wasOffline: state === "offline", said: undefined };
  if (before.state === state) return before;
  switch (state) {
    case "unknown":
      return { state, wasOffline: before.wasOffline, said: undefined };
    case "offline":
      return { state, wasOffline: true, said: "offline" };
    case "local":
    case "captive":
      return { state, wasOffline: before.wasOffline, said: state };
    case "online":
      if (before.wasOffline) return { state, wasOffline: false, said: "online-again" };
      return { state, wasOffline: false, said: before.state === "unknown" ? undefined : "online" };
  }
}
