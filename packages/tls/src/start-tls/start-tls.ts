import type { Duplex } from "node:stream";
import { TlsError, UsageError } from "@fairlead/core";
import type { TlsSocket } from "../contract.ts";
import { requireOpen } from "../preconditions.ts";
import { connectTls, type ConnectTlsOptions } from "../sockets/connect-tls.ts";
import { defaultHandshakeTimeoutMilliseconds, withinDeadline } from "../sockets/handshake-deadline.ts";
import { converse } from "./converse.ts";
import type { Dialogue } from "./protocol/dialogue.ts";
import { ftpDialogue } from "./protocol/ftp.ts";
import { imapDialogue } from "./protocol/imap.ts";
import { ldapDialogue } from "./protocol/ldap.ts";
import { mysqlDialogue } from "./protocol/mysql.ts";
import { pop3Dialogue } from "./protocol/pop3.ts";
import { postgresqlDialogue } from "./protocol/postgresql.ts";
import { smtpDialogue } from "./protocol/smtp.ts";
import { xmppDialogue } from "./protocol/xmpp.ts";

/** Protocols that begin in the clear and ask for TLS. */
export type StartTlsProtocol = keyof typeof dialogues;

/** What the client asks for; the deadline is for the dialogue and the handshake together. */
export interface StartTlsOptions extends ConnectTlsOptions {
  /** SMTP: what the client calls itself, `localhost` by default. XMPP: the domain that is served, `host` by default. */
  readonly name?: string | undefined;
  /** MySQL: given the payload of the server's greeting, which the protocol needs once more. It came unprotected. */
  readonly onGreeting?: ((payload: Uint8Array) => void) | undefined;
}

/**
 * Asks a server for TLS in its own protocol, on a connection on which nothing was said yet, and secures it. It never goes
 * on without TLS, and whatever the server said before counts for nothing: ask for its capabilities again.
 *
 * On success the socket owns `below`; on failure `below` is destroyed.
 *
 * @throws TlsError START_TLS_REFUSED when the server has no TLS; START_TLS_INJECTED when bytes came that TLS does not
 * protect; START_TLS_INVALID; and what `connectTls` throws.
 *
 * @example
 * const socket = await startTls(await connectTcp({ host, port: 587 }), "smtp", { host });
 */
export async function startTls(
  below: Duplex,
  protocol: StartTlsProtocol,
  options: StartTlsOptions,
): Promise<TlsSocket> {
  const { name, onGreeting, handshakeTimeoutMilliseconds, ...connectOptions } = options;
  const { host, peer = host, signal } = connectOptions;
  const milliseconds = handshakeTimeoutMilliseconds ?? defaultHandshakeTimeoutMilliseconds;
  try {
    return await withinDeadline({ milliseconds, signal, peer }, async (ended) => {
      requireOpen(below, peer);
      const greeting = await converse(below, dialogueOf(protocol, { host, name }), { peer, signal: ended });
      // What came since would be the first bytes of TLS, before the client has said any.
      if (below.readableLength > 0) throw new TlsError("START_TLS_INJECTED", { peer, operation: "secure" });
      if (greeting !== undefined) onGreeting?.(greeting);
      return connectTls(below, { ...connectOptions, signal: ended, handshakeTimeoutMilliseconds: milliseconds });
    });
  } catch (error) {
    below.destroy();
    throw error;
  }
}

/** Who is who in a dialogue. */
interface Names {
  readonly host: string;
  readonly name: string | undefined;
}

const dialogues = {
  smtp: ({ name = "localhost" }: Names) => smtpDialogue(checked(name)),
  imap: () => imapDialogue(),
  pop3: () => pop3Dialogue(),
  ftp: () => ftpDialogue(),
  ldap: () => ldapDialogue(),
  xmpp: ({ host, name = host }: Names) => xmppDialogue(checked(name)),
  postgresql: () => postgresqlDialogue(),
  mysql: () => mysqlDialogue(),
} as const satisfies Record<string, (names: Names) => Dialogue>;

function dialogueOf(protocol: StartTlsProtocol, names: Names): Dialogue {
  return dialogues[protocol](names);
}

/** Names become part of a line or of XML. */
function checked(name: string): string {
  if (/^[\w.:[\]-]+$/.test(name)) return name;
  throw new UsageError("OPTION_INVALID", { detail: "name", remedy: "give a domain in ASCII, or an address literal" });
}
