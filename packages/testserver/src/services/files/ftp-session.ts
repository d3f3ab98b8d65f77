import type { Socket } from "node:net";
import type { ConnectionLog } from "../../connection-log.ts";
import type { Conversation } from "../lines/conversation.ts";
import type { StartTlsManner } from "../lines/start-tls.ts";
import type { FileTree } from "./file-tree.ts";
import type { DataSource } from "./ftp-data.ts";

/** What the connection of one client has come to. RFC 959 section 2.3. */
export interface FtpSession {
  readonly talk: Conversation;
  readonly terms: FtpTerms;
  readonly files: FileTree;
  readonly connections: ConnectionLog;
  name: string | undefined;
  /** Who is in: the user may write, guests may not. */
  rights: "none" | "guest" | "user";
  folder: string;
  /** Whether data goes over TLS. RFC 4217 section 9. */
  isPrivate: boolean;
  data: DataSource | undefined;
  /** Where the next file begins. RFC 3659 section 5. */
  restartAt: number;
  renameFrom: string | undefined;
}

/** Answers one command. */
export type FtpCommand = (session: FtpSession, argument: string) => Promise<void>;

/** How one service differs from the ordinary. */
export interface FtpTerms {
  readonly startTls: StartTlsManner;
  /** Commands that are answered in another way, by their name in upper case. */
  readonly commands?: Readonly<Record<string, FtpCommand>>;
  /** In place of `220 …`. */
  readonly greeting?: readonly string[];
  /** Hangs up behind the greeting. */
  readonly turnsAway?: boolean;
  /** Sends the content of files in another way. */
  readonly sendFile?: SendData;
  /** The address that PASV tells in place of the right one. */
  readonly passiveHost?: string;
  /** Refuses data connections that don't resume the session of the control connection. */
  readonly needsResumption?: boolean;
  /** Promises TLS for data, and does without. */
  readonly forgetsTls?: boolean;
}

/** Sends bytes over a data connection; resolves with the reply that tells how it went. */
export type SendData = (data: Socket, bytes: Buffer, session: FtpSession) => Promise<string>;
