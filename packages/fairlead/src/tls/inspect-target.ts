import type { StartTlsProtocol } from "@fairlead/tls/start-tls";
import { ArgumentsError } from "../arguments.ts";
import { domainToASCII } from "node:url";
import { isIP } from "node:net";

/** What is to be inspected. */
export interface InspectTarget {
  /** A-labels, or an IP literal without brackets. */
  readonly host: string;
  readonly port: number;
  /** Protocol that begins in the clear; TLS from the first byte without it. */
  readonly startTls: StartTlsProtocol | undefined;
  readonly alpnProtocols: readonly string[];
}

/**
 * Reads `HOST`, `HOST:PORT` or a URL of a protocol that is known to run over TLS.
 *
 * @throws ArgumentsError
 */
export function parseInspectTarget(text: string): InspectTarget {
  const [, scheme = "https", rest = text] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text) ?? [];
  const known = schemes[scheme.toLowerCase()];
  if (known === undefined) {
    throw new ArgumentsError(`inspect knows ${Object.keys(schemes).join(", ")}, not ${JSON.stringify(scheme)}`);
  }
  // Any special scheme: hosts of others would not be made ASCII.
  const url = URL.canParse(`https://${rest}`) ? new URL(`https://${rest}`) : undefined;
  const host = url?.hostname.replace(/^\[(.*)\]$/, "$1") ?? "";
  if (url === undefined || host === "" || (isIP(host) === 0 && domainToASCII(host) === "")) {
    throw new ArgumentsError(`inspect takes HOST:PORT or a URL, not ${JSON.stringify(text)}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new ArgumentsError("inspect takes no user name or password; it does not log in");
  }
  const isDefaultPort = url.port === "" && !/:443(?:[/?#]|$)/.test(rest);
  const port = isDefaultPort ? known.port : Number(url.port || "443");
  return { host, port, startTls: known.startTls, alpnProtocols: known.alpnProtocols ?? [] };
}

interface Scheme {
  readonly port: number;
  readonly startTls?: StartTlsProtocol;
  readonly alpnProtocols?: readonly string[];
}

const http: Scheme = { port: 443, alpnProtocols: ["h2", "http/1.1"] };
const postgresql: Scheme = { port: 5432, startTls: "postgresql" };
const mysql: Scheme = { port: 3306, startTls: "mysql" };

const schemes: Readonly<Record<string, Scheme>> = {
  https: http,
  wss: http,
  smtp: { port: 25, startTls: "smtp" },
  submission: { port: 587, startTls: "smtp" },
  smtps: { port: 465 },
  imap: { port: 143, startTls: "imap" },
  imaps: { port: 993 },
  pop3: { port: 110, startTls: "pop3" },
  pop3s: { port: 995 },
  ftp: { port: 21, startTls: "ftp" },
  ftps: { port: 990 },
  ldap: { port: 389, startTls: "ldap" },
  ldaps: { port: 636 },
  xmpp: { port: 5222, startTls: "xmpp" },
  postgres: postgresql,
  postgresql,
  mysql,
  mariadb: mysql,
  mqtts: { port: 8883 },
  amqps: { port: 5671 },
  rediss: { port: 6379 },
  tls: { port: 443 },
};
