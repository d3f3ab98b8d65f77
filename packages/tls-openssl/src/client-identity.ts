import type { ClientCertificateRequest } from "@fairlead/tls";
import { keyTypesOf } from "@fairlead/tls/engine";
import { encodeDer, type OpenSsl } from "./library.ts";

/** The question which certificate a client shows, once the server asks for one. */
export class IdentityQuestion {
  #state: "not asked" | "asked" | "answered" = "not asked";

  get isAsked(): boolean {
    return this.#state === "asked";
  }

  answer(): void {
    this.#state = "answered";
  }

  /** Called from inside OpenSSL before it sends a certificate: whether it may, or has to wait. */
  mayGoOn(): boolean {
    if (this.#state === "answered") return true;
    this.#state = "asked";
    return false;
  }
}

/** What the server's CertificateRequest says. RFC 8446 section 4.3.2; RFC 5246 section 7.4.4. */
export function certificateRequest(openssl: OpenSsl, ssl: number): ClientCertificateRequest {
  const names = openssl.SSL_get0_peer_CA_list(ssl);
  const schemes = openssl.SSL_get_sigalgs(ssl, -1, null, null, null, null, null);
  return {
    authorities: listed(names === 0 ? 0 : openssl.OPENSSL_sk_num(names), (index) => {
      const name = openssl.OPENSSL_sk_value(names, index);
      return encodeDer((out) => openssl.i2d_X509_NAME(name, out));
    }),
    keyTypes: keyTypesOf(
      listed(schemes, (index) => {
        const [low, high] = [[0], [0]];
        openssl.SSL_get_sigalgs(ssl, index, null, null, null, low, high);
        return ((high[0] ?? 0) << 8) | (low[0] ?? 0);
      }),
    ),
  };
}

function listed<T>(count: number, read: (index: number) => T): readonly T[] {
  return Array.from({ length: Math.min(Math.max(0, count), maxListed) }, (_, index) => read(index));
}

const maxListed = 1_024;
