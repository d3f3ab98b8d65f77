import { TlsError } from "@fairlead/core";
import { dtlsCipherSuites, type DtlsCipherSuite } from "@fairlead/tls/datagram";
import { describe } from "../gnutls-errors.ts";
import { cString, type GnuTls } from "../library.ts";

/** Gives DTLS 1.2 with these cipher suites, parsed once and kept: applications use few different lists. */
export function dtlsPriorities(gnutls: GnuTls): (suites: readonly DtlsCipherSuite[]) => number {
  const known = new Map<string, number>();
  return (suites) => {
    const text = priorityText(suites);
    let handle = known.get(text);
    if (handle === undefined) {
      const out = [0];
      const code = gnutls.gnutls_priority_init(out, cString(text), 0);
      if (code < 0) throw unsupported(`${suites.join(", ")}: ${describe(gnutls, code)}`);
      [handle = 0] = out;
      known.set(text, handle);
    }
    return handle;
  };
}

/** GnuTLS makes suites of all the key exchanges with all the ciphers that it is given, ciphers first. */
function priorityText(suites: readonly DtlsCipherSuite[]): string {
  const parts = suites.map(partsOf);
  const exchanges = new Set(parts.map(({ exchange }) => exchange));
  const ciphers = new Set(parts.map(({ cipher }) => cipher));
  const surplus = dtlsCipherSuites.find((suite) => {
    const { exchange, cipher } = partsOf(suite);
    return exchanges.has(exchange) && ciphers.has(cipher) && !suites.includes(suite);
  });
  if (surplus !== undefined) throw unsupported(`GnuTLS would take ${surplus} as well`);
  return [
    "NORMAL:-VERS-ALL:+VERS-DTLS1.2:-KX-ALL:-CIPHER-ALL:-MAC-ALL:+AEAD",
    ...Array.from(exchanges, (each) => `+${each}`),
    ...Array.from(ciphers, (each) => `+${each}`),
    "%SERVER_PRECEDENCE",
  ].join(":");
}

/** `TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8` is `ECDHE-ECDSA` with `AES-128-CCM-8`. */
function partsOf(suite: DtlsCipherSuite): { readonly exchange: string; readonly cipher: string } {
  const [exchange = "", cipher = ""] = suite.slice("TLS_".length).split("_WITH_");
  return { exchange: exchange.replaceAll("_", "-"), cipher: cipher.replace(/_SHA\d+$/, "").replaceAll("_", "-") };
}

function unsupported(detail: string): TlsError {
  return new TlsError("TLS_OPTION_UNSUPPORTED", {
    detail: `cipherSuites: ${detail}`,
    remedy: "give those suites too or leave others out, or use the backend 'openssl'",
  });
}
