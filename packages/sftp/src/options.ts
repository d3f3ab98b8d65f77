import type { OnHostKey } from "./host-key-question.ts";

/** A private key that proves who the user is: OpenSSH's format, or PEM. */
export type SftpKey =
  | {
      readonly file: string;
      /** Asked for where it is missing and needed. */
      readonly passphrase?: string | undefined;
    }
  | { readonly privateKey: string | Uint8Array; readonly passphrase?: string | undefined };

/** Where signatures come from that no key is given for. */
export type SftpAgent =
  /** The agent that `SSH_AUTH_SOCK` names; none where that is not set. */
  "environment" | { readonly socket: string };

/** Options of {@link sftpScheme}. */
export interface SftpOptions {
  /**
   * Files of OpenSSH that say which key a host has; the first is the one that is written. A file that is missing knows
   * nobody. None by default: then every host is a question.
   */
  readonly knownHosts?: string | readonly string[] | undefined;
  /** Without it, a host whose key is unknown or changed is refused. One whose key is revoked always is. */
  readonly onHostKey?: OnHostKey | undefined;
  /** Tried after those of the agent, in this order. */
  readonly keys?: readonly SftpKey[] | undefined;
  /** None by default. It only signs: it is never made available to a server. */
  readonly agent?: SftpAgent | undefined;
  /** The user where a URL names none; by default the one that this process runs as. */
  readonly username?: string | undefined;
  /** A directory of the server, absolute: nothing outside it is read or written. */
  readonly root?: string | undefined;
  /** For how long a connection that nobody uses is kept, in milliseconds; 30,000 by default. */
  readonly idleMilliseconds?: number | undefined;
  /**
   * For how long a server may say nothing, in milliseconds, before it is asked whether it is there; after the third time
   * that it is not, the connection is lost. 15,000 by default.
   */
  readonly keepaliveMilliseconds?: number | undefined;
  /** Connections at a time, to all servers together; 32 by default. */
  readonly connectionsLimit?: number | undefined;
}
