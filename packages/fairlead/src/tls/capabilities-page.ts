import { tlsCiphers, tlsGroups, type TlsCapabilities } from "@fairlead/tls";
import { printable } from "../terminal/printable.ts";
import type { Paint } from "../terminal/style.ts";
import { formatTable } from "../terminal/table.ts";
import { wrap } from "../terminal/width.ts";

/** What was found out about one backend. */
export type BackendReport =
  | {
      readonly type: "found";
      readonly name: string;
      readonly library: { readonly name: string; readonly version: string };
      readonly capabilities: TlsCapabilities;
    }
  | { readonly type: "unavailable"; readonly name: string; readonly reason: string };

/** Lays out backends side by side, one line a capability. */
export function formatCapabilities(
  reports: readonly BackendReport[],
  style: { readonly width: number; readonly paint: Paint },
): string[] {
  const found = reports.filter((report) => report.type === "found");
  const missing = reports.filter((report) => report.type === "unavailable");
  const row = (label: string, tell: (capabilities: TlsCapabilities) => boolean): string[] => [
    label,
    ...found.map(({ capabilities }) => (tell(capabilities) ? "yes" : "no")),
  ];
  const rows = [
    ["library", ...found.map(({ library }) => printable(`${library.name} ${library.version}`))],
    ...(["TLSv1.2", "TLSv1.3"] as const).map((version) =>
      row(version.replace("v", " "), ({ versions }) => versions.includes(version)),
    ),
    ...labels.map(([key, label]) => row(label, (capabilities) => capabilities[key])),
    ...tlsGroups.map((group) => row(`group ${group}`, ({ groups }) => groups.includes(group))),
    ...tlsCiphers.map((cipher) => row(`cipher ${cipher}`, ({ ciphers }) => ciphers.includes(cipher))),
  ];
  const columns = [{ heading: "CAPABILITY" }, ...found.map(({ name }) => ({ heading: name }))];
  const notes = [
    ...missing.map(({ name, reason }) => `${name} is not there: ${printable(reason)}`),
    ...(found.some(({ name }) => name === "gnutls") ? [chachaNote] : []),
  ];
  return [
    ...(found.length === 0 ? [] : formatTable(columns, rows, style)),
    ...notes.flatMap((note) => ["", ...wrap(note, style.width)]),
  ];
}

type Flag = {
  [Key in keyof TlsCapabilities]: TlsCapabilities[Key] extends boolean ? Key : never;
}[keyof TlsCapabilities];

/** In the order of the page; a capability that is missing here would not compile. */
const labelOf: Readonly<Record<Flag, string>> = {
  dtls: "DTLS 1.2",
  alpn: "ALPN",
  tickets: "sessions resumed",
  ticketPersistence: "sessions resumed by another process",
  earlyData: "early data",
  psk: "pre-shared keys",
  clientCertificates: "client certificates required",
  clientCertificateQuestion: "client certificate asked, with the CA list",
  identityQuestion: "server certificate asked by name",
  ocspStapling: "OCSP stapling",
  exporter: "exported keys",
  keyUpdate: "key update",
  keyLog: "key log",
};

// Object.entries forgets the keys' type.
const labels = Object.entries(labelOf) as readonly (readonly [Flag, string])[];

const chachaNote =
  "GnuTLS encrypts with ChaCha20 at a tenth of OpenSSL's speed on x86-64; it is therefore ordered last there, and " +
  "chosen only when the peer has nothing else.";
