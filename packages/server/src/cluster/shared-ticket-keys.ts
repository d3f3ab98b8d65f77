import { randomBytes } from "node:crypto";

/** As many as TLS libraries take: a name, and keys for secrecy and integrity. */
const KEY_BYTES = 48;

/** Makes keys that sessions of all workers are sealed with, until the next ones. */
export function makeTicketKeys(): string {
  return randomBytes(KEY_BYTES).toString("base64");
}

/** Has every connection use the keys that were told last. */
export class TicketKeyHolder {
  #keys: Uint8Array;

  constructor(ticketKeys: string) {
    this.#keys = Buffer.from(ticketKeys, "base64");
  }

  /** Old sessions begin with a full handshake from now on. */
  replace(ticketKeys: string): void {
    this.#keys = Buffer.from(ticketKeys, "base64");
  }

  /** For `tlsServer`. */
  readonly schedule = (): Uint8Array => this.#keys;
}
