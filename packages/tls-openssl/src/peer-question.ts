import type { HandshakeStep } from "@fairlead/tls/engine";
import { encodeDer, type OpenSsl } from "./library.ts";
import { refusalCode } from "./refusal-codes.ts";
import { verificationCode } from "./verification-codes.ts";

/** Whose certificate is in question, and over what. */
export interface PeerQuestionSetup {
  readonly openssl: OpenSsl;
  readonly ssl: number;
  readonly side: "client" | "server";
  /** A server that asks for certificates: then one that is missing is a question as well. */
  readonly asksClients: boolean;
  /** Takes what OpenSSL has for the peer. */
  readonly takeOutput: () => Buffer | undefined;
}

/**
 * The question whether the peer is let in. A client of TLS 1.3 stops inside OpenSSL until it is answered. Everywhere else
 * OpenSSL cannot wait, or would ask before the stapled response of TLS 1.2 is there: it goes on, and what it says is held
 * back until the answer, so that a refused peer gets neither a ticket nor the end of the handshake.
 */
export class PeerQuestion {
  readonly #setup: PeerQuestionSetup;
  #state: "not shown" | "shown" | "asked" | "admitted" | { readonly refusedBy: number } = "not shown";
  #held: Buffer | undefined;
  #found: string | undefined = "UNSPECIFIED";
  #ticketsGiven = false;

  constructor(setup: PeerQuestionSetup) {
    this.#setup = setup;
  }

  get isAsked(): boolean {
    return this.#state === "asked";
  }

  /** What OpenSSL's own verification found; `UNSPECIFIED` until it ran. */
  get found(): string | undefined {
    return this.#found;
  }

  /** Called from inside OpenSSL when the peer's chain is there, and again when a client of TLS 1.3 has its answer. */
  verify(store: number): boolean {
    const { openssl, ssl } = this.#setup;
    switch (this.#state) {
      case "not shown": {
        const good = openssl.X509_verify_cert(store) === 1;
        this.#found = good ? undefined : (verificationCode(openssl.X509_STORE_CTX_get_error(store)) ?? "UNSPECIFIED");
        openssl.ERR_clear_error();
        this.#state = "shown";
        if (!this.#waitsInside()) return true;
        this.#state = "asked";
        return openssl.SSL_ctrl(ssl, retryVerify, 0, null) > 0;
      }
      case "admitted":
        return true;
      case "shown":
      case "asked":
        return false;
      default:
        openssl.X509_STORE_CTX_set_error(store, refusalCode(this.#state.refusedBy));
        return false;
    }
  }

  /** Whether it has to be asked, now that OpenSSL has come as far as this. */
  isDue(step: HandshakeStep): boolean {
    if (this.#state === "shown") {
      this.#held = this.#setup.takeOutput();
      if (this.#held !== undefined || step !== "need-data") this.#state = "asked";
    } else if (this.#state === "not shown" && step === "done" && this.#setup.asksClients && !this.#isKnown()) {
      this.#held = this.#setup.takeOutput();
      this.#state = "asked";
    }
    return this.#state === "asked";
  }

  admit(): void {
    this.#state = "admitted";
  }

  refuse(alert: number): void {
    const { openssl, ssl } = this.#setup;
    this.#state = { refusedBy: alert };
    if (openssl.SSL_version(ssl) < tls13) {
      // Nothing of ours is encrypted before what was held back, and neither is this.
      this.#held = plainAlert(alert === certificateRequired ? handshakeFailure : alert);
      return;
    }
    // OpenSSL asks again, hears the answer and makes the alert: about the certificate, or about the next ticket.
    if (!this.#waitsInside()) openssl.SSL_new_session_ticket(ssl);
    openssl.SSL_do_handshake(ssl);
    openssl.ERR_clear_error();
  }

  /**
   * Gives a client that was let in what OpenSSL would have given it before: two tickets, and one for a session that was
   * resumed. TLS 1.2 has sent its own, which was held back.
   */
  giveTickets(): void {
    const { openssl, ssl, asksClients } = this.#setup;
    if (!asksClients || this.#ticketsGiven || openssl.SSL_version(ssl) < tls13) return;
    this.#ticketsGiven = true;
    // Where tickets are off, there is nothing to find them by.
    if ((openssl.SSL_get_options(ssl) & noTickets) !== 0) return;
    const tickets = openssl.SSL_session_reused(ssl) === 1 ? 1 : 2;
    for (let ticket = 0; ticket < tickets; ticket += 1) openssl.SSL_new_session_ticket(ssl);
    openssl.SSL_do_handshake(ssl);
    openssl.ERR_clear_error();
  }

  /** The alert instead of a ticket, for a peer that is refused. */
  get ticketAlert(): number | undefined {
    return typeof this.#state === "object" ? this.#state.refusedBy : undefined;
  }

  /** What may go to the peer. */
  take(): Buffer | undefined {
    if (this.#held === undefined)
      return this.#state === "asked" && !this.#waitsInside() ? undefined : this.#setup.takeOutput();
    if (this.#state === "asked") return undefined;
    const parts = [this.#held, this.#setup.takeOutput()];
    this.#held = undefined;
    return Buffer.concat(parts.filter((part) => part !== undefined));
  }

  /** As sent, leaf first, DER. */
  chain(): readonly Buffer[] {
    const { openssl, ssl, side } = this.#setup;
    const stack = openssl.SSL_get_peer_cert_chain(ssl);
    const length = stack === 0 ? 0 : Math.min(openssl.OPENSSL_sk_num(stack), maxChain);
    const sent = Array.from({ length }, (_, index) => {
      const certificate = openssl.OPENSSL_sk_value(stack, index);
      return encodeDer((out) => openssl.i2d_X509(certificate, out));
    });
    // A server finds the leaf apart from the others.
    const leaf = side === "server" ? this.leaf() : undefined;
    return leaf === undefined ? sent : [leaf, ...sent];
  }

  /** The peer's own certificate, DER, which a server's sessions remember as well. */
  leaf(): Buffer | undefined {
    const { openssl, ssl } = this.#setup;
    const certificate = openssl.SSL_get1_peer_certificate(ssl);
    if (certificate === 0) return undefined;
    try {
      return encodeDer((out) => openssl.i2d_X509(certificate, out));
    } finally {
      openssl.X509_free(certificate);
    }
  }

  #waitsInside(): boolean {
    const { openssl, ssl, side } = this.#setup;
    return side === "client" && openssl.SSL_version(ssl) >= tls13;
  }

  /** By the session that is resumed, or by a key that both sides know. */
  #isKnown(): boolean {
    const { openssl, ssl } = this.#setup;
    return openssl.SSL_session_reused(ssl) === 1 || openssl.SSL_get_psk_identity(ssl) !== 0;
  }
}

/** A record of TLS 1.2 before its keys are used: RFC 5246 sections 6.2.1 and 7.2. */
function plainAlert(description: number): Buffer {
  return Buffer.of(21, 3, 3, 0, 2, fatal, description);
}

const fatal = 2;
const handshakeFailure = 40;
/** Unknown to TLS 1.2. */
const certificateRequired = 116;
// OpenSSL, include/openssl/{ssl,x509_vfy}.h.in
const tls13 = 0x0304;
const retryVerify = 136;
const noTickets = 0x4000;
const maxChain = 64;
