import { datumBytes, readDatum, readDatumAt, readString, type GnuTls } from "./library.ts";

/** Secrets of a connection, for those who asked to have them, as lines of an SSLKEYLOGFILE. RFC 9850 */
export class KeyLog {
  #lines: string[] = [];

  /** Copies a secret, given by the addresses of its label and of its datum. */
  add(gnutls: GnuTls, session: number, label: number, secret: number): void {
    const random = Buffer.alloc(datumBytes);
    gnutls.gnutls_session_get_random(session, random, Buffer.alloc(datumBytes));
    const bytes = readDatumAt(secret);
    this.#lines.push(`${readString(label)} ${readDatum(random).toString("hex")} ${bytes.toString("hex")}`);
    bytes.fill(0);
  }

  take(): readonly string[] {
    return this.#lines.splice(0);
  }
}
