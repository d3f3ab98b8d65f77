import type { Conversation } from "../lines/conversation.ts";
import type { StartTlsManner } from "../lines/start-tls.ts";
import type { MailboxName, MailStore, StoredMail } from "./mail-store.ts";
import type { ImapArgument } from "./protocol/imap-arguments.ts";

/** What the connection of one client has come to. RFC 9051 section 3. */
export interface ImapSession {
  readonly talk: Conversation;
  readonly terms: ImapTerms;
  readonly store: MailStore;
  isIn: boolean;
  /** The mailbox that is open, with the messages that the client knows of, by their numbers. */
  selected: { readonly mailbox: MailboxName; readonly isReadOnly: boolean; known: StoredMail[] } | undefined;
}

/** One command of a client. */
export interface ImapRequest {
  readonly tag: string;
  readonly arguments: readonly ImapArgument[];
}

/** Answers one command, its tagged line included. */
export type ImapCommand = (session: ImapSession, request: ImapRequest) => Promise<void>;

/** How one service differs from the ordinary. */
export interface ImapTerms {
  readonly startTls: StartTlsManner;
  /** Commands that are answered in another way, by their name in upper case. */
  readonly commands?: Readonly<Record<string, ImapCommand>>;
  /** In place of `* OK …`. */
  readonly greeting?: string;
  /** Forbids names and passwords in the clear. */
  readonly needsTlsToLogIn?: boolean;
}
