import type { ShownConnectivity } from "../shown-connectivity.ts";

/** What the state of the network says. Text with values in it is a function, since languages order them differently. */
export interface ConnectivityMessages {
  /** Its name, for those who do not see it. */
  readonly label: string;
  readonly states: Readonly<Record<ShownConnectivity, string>>;
  /** What a state means, in a sentence. */
  readonly meanings: Readonly<Record<ShownConnectivity, string>>;
  /** @param distance how long ago: `3 minutes ago`. */
  readonly since: (distance: string) => string;
  /** Stands in place of `online` where the session is limited. */
  readonly limited: string;
  /** Read out once, where it was offline before. */
  readonly onlineAgain: string;
  /** @param distance until then: `in 55 minutes`. */
  readonly ends: (distance: string) => string;
  /** @param amount of data: `20 MB`. */
  readonly bytesRemaining: (amount: string) => string;
  /** Stands before the name of a network interface. */
  readonly by: string;
  readonly openPortal: string;
}
