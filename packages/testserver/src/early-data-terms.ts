import { randomBytes } from "node:crypto";
import type { TlsAcceptOptions } from "@fairlead/tls";

/** What the next connections to the service for early data meet. */
export const earlyDataChanges = ["take", "refuse", "new-keys"] as const;

/** One of them. */
export type EarlyDataChange = (typeof earlyDataChanges)[number];

/** How a network takes early data, as its clients have it change. */
export class EarlyDataTerms {
  #takes = true;
  #ticketKeys: Uint8Array = randomBytes(48);

  /** What a connection is accepted with. */
  get accept(): Pick<TlsAcceptOptions, "earlyData" | "ticketKeys"> {
    return { earlyData: this.#takes ? { maxBytes: 16_384 } : undefined, ticketKeys: this.#ticketKeys };
  }

  /** For connections from now on; with new keys none of the sessions so far is resumed. */
  change(to: EarlyDataChange): void {
    this.#takes = to !== "refuse";
    if (to === "new-keys") this.#ticketKeys = randomBytes(48);
  }
}
