import type { Collection, Store } from "@fairlead/store";
import type { Target } from "../target.ts";
import { openCollection } from "./collections.ts";

/** Certificates of one server; a fleet may show several. */
const CERTIFICATES_LIMIT = 8;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Certificates that the application accepted for good although verification refused them: each for one host, port and
 * certificate. They do not expire; `delete` in the collection forgets them.
 */
export class CertificateExceptions {
  readonly #servers: Collection;

  constructor(store: Store) {
    this.#servers = openCollection(store, "certificate-exceptions");
  }

  /** Fingerprints of what was accepted: SHA-256 in hexadecimal. */
  recall({ peer }: Target): readonly string[] {
    const record = this.#servers.size === 0 ? undefined : this.#servers.get(peer);
    // Whatever else stands in the store matches no certificate.
    return record === undefined ? [] : decoder.decode(record.value).split("\n");
  }

  remember(target: Target, fingerprint: string): void {
    const known = this.recall(target).filter((other) => other !== fingerprint);
    this.#servers.set(target.peer, encoder.encode([...known, fingerprint].slice(-CERTIFICATES_LIMIT).join("\n")));
  }
}
