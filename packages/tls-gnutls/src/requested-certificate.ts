import type { ClientCertificateRequest } from "@fairlead/tls";
import { messages } from "./handshake-messages.ts";

/**
 * A client certificate that the server asks for, and that the application is to be asked about. GnuTLS wants it at once,
 * so the handshake is stopped with the request; but not before the server has proved who it is.
 */
export class RequestedCertificate {
  #request: ClientCertificateRequest | undefined;
  #stops = false;

  /** The request, when the handshake was stopped for it. */
  get stoppedFor(): ClientCertificateRequest | undefined {
    return this.#stops ? this.#request : undefined;
  }

  /** False stops the handshake: in TLS 1.2 the server is known by now, in TLS 1.3 that comes later. */
  note(request: ClientCertificateRequest, serverIsAdmitted: boolean): boolean {
    this.#request = request;
    this.#stops = serverIsAdmitted;
    return !this.#stops;
  }

  /** False stops the handshake: Finished comes after the certificate and the proof of its key. RFC 8446 section 2 */
  hear(message: number): boolean {
    this.#stops = message === messages.finished && this.#request !== undefined;
    return !this.#stops;
  }
}
