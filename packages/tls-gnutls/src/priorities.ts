import type { TlsCipher, TlsGroup } from "@fairlead/tls";
import { unsupportedAlgorithms, type EngineClientOptions } from "@fairlead/tls/engine";
import { describe } from "./gnutls-errors.ts";
import { cString, type GnuTls } from "./library.ts";

/** What the priorities of a session depend on. */
export type PrioritySettings = Pick<EngineClientOptions, "minVersion" | "maxVersion" | "groups" | "ciphers"> & {
  readonly side: "client" | "server";
  /** Whether keys that both sides know are used, beside certificates or instead. */
  readonly psk: "only" | "also" | "none";
};

/**
 * Gives the versions and algorithms of a session, parsed once and kept: there are as many as an application has settings.
 * A session without would fail, or run on what a system's configuration says.
 *
 * @throws TlsError TLS_OPTION_UNSUPPORTED for groups or ciphers that this library does not have.
 */
export function priorities(gnutls: GnuTls): (settings: PrioritySettings) => number {
  const known = new Map<string, number>();
  const parse = (text: string): number => {
    const out = [0];
    const code = gnutls.gnutls_priority_init(out, cString(text), 0);
    const [handle = 0] = out;
    if (code < 0 || handle === 0) throw new Error(`GnuTLS: priorities ${text}: ${describe(gnutls, code)}`);
    return handle;
  };
  return (settings) => {
    const text = priorityText(settings);
    let handle = known.get(text);
    if (handle === undefined) {
      try {
        handle = parse(text);
      } catch (cause) {
        const { groups, ciphers } = settings;
        if (groups !== undefined) throw unsupportedAlgorithms("gnutls", "groups", groups, cause);
        if (ciphers !== undefined) throw unsupportedAlgorithms("gnutls", "ciphers", ciphers, cause);
        throw cause;
      }
      known.set(text, handle);
    }
    return handle;
  };
}

function priorityText({ side, psk, minVersion, maxVersion, groups, ciphers }: PrioritySettings): string {
  const versions = (["TLSv1.3", "TLSv1.2"] as const)
    .filter((version) => version >= minVersion && version <= maxVersion)
    .map((version) => `+VERS-TLS${version.slice("TLSv".length)}`);
  return [
    "NORMAL:-VERS-ALL",
    ...versions,
    ...(ciphers === undefined
      ? // It comes last: on x86-64 nettle's is a tenth as fast as its AES.
        ["-CHACHA20-POLY1305:+CHACHA20-POLY1305"]
      : ["-CIPHER-ALL", ...ciphers.map((cipher) => `+${cipherNames[cipher]}`)]),
    ...(groups === undefined ? usualGroups : ["-GROUP-ALL", ...groups.map((group) => `+${groupNames[group]}`)]),
    ...pskExchanges[psk],
    // A key of ours goes with SHA-256 only; a server that chose by another hash would not see that it fits.
    ...(psk === "only" && side === "client" && ciphers === undefined ? ["-AES-256-GCM", "-AES-256-CCM"] : []),
    ...(side === "server" ? ["%SERVER_PRECEDENCE"] : []),
  ].join(":");
}

/**
 * What most clients send a share of comes first: a server that likes another group better makes them begin again, which
 * takes a round trip, and which GnuTLS 3.7 does not survive when there is early data.
 */
const usualGroups = ["-GROUP-ALL", "+GROUP-X25519", "+GROUP-ALL"];

/** With forward secrecy only: RFC 9325 section 4.1. A key by itself lets nobody choose a suite of CBC. */
const pskExchanges = {
  none: [],
  also: ["+ECDHE-PSK", "+DHE-PSK"],
  only: ["-KX-ALL", "+ECDHE-PSK", "+DHE-PSK", "-AES-256-CBC", "-AES-128-CBC"],
} as const;

const cipherNames: Readonly<Record<TlsCipher, string>> = {
  AES_256_GCM: "AES-256-GCM",
  AES_128_GCM: "AES-128-GCM",
  CHACHA20_POLY1305: "CHACHA20-POLY1305",
  AES_128_CCM: "AES-128-CCM",
  AES_128_CCM_8: "AES-128-CCM-8",
};

const groupNames: Readonly<Record<TlsGroup, string>> = {
  X25519MLKEM768: "GROUP-X25519-MLKEM768",
  SecP256r1MLKEM768: "GROUP-SECP256R1-MLKEM768",
  SecP384r1MLKEM1024: "GROUP-SECP384R1-MLKEM1024",
  x25519: "GROUP-X25519",
  x448: "GROUP-X448",
  secp256r1: "GROUP-SECP256R1",
  secp384r1: "GROUP-SECP384R1",
  secp521r1: "GROUP-SECP521R1",
  ffdhe2048: "GROUP-FFDHE2048",
  ffdhe3072: "GROUP-FFDHE3072",
};
