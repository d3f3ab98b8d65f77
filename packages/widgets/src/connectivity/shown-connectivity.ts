/**
 * What is known of the way to the network: `local` is a network that nobody can tell the reach of, `captive` one that wants
 * to be signed in to.
 */
export type ShownConnectivity = "unknown" | "online" | "local" | "captive" | "offline";

/** What a network has said of how long it lets somebody out, as `manager.connectivity.portal` has it. RFC 8908 section 5. */
export interface SessionLimits {
  /** Milliseconds since the epoch; `undefined` where nobody says. */
  readonly endsAt: number | undefined;
  /** Sent and received, until it ends; `undefined` where nobody says. */
  readonly bytesRemaining: number | undefined;
}
