import type { NetworkContext } from "../network-context.ts";
import type { Conversation } from "../lines/conversation.ts";
import {
  type PostgresFault,
  type PostgresMessage,
  errorResponse,
  writePostgresMessage,
} from "./protocol/postgres-messages.ts";

/** How one service differs from the ordinary. */
export interface PostgresTerms {
  /** What a request for TLS is answered with. */
  readonly tls: "right" | "refused" | "error" | "injected" | "keeps-early" | "plain" | "stalled";
  readonly authentication: "scram" | "md5" | "password" | "trust" | "unknown" | "lying-scram";
  /** Takes TLS from the first byte alone. */
  readonly directTlsAlone?: boolean;
  /** Turns everybody away behind the startup message. */
  readonly turnsAway?: PostgresFault;
  /** Answers queries in another way. */
  readonly onQuery?: (session: PostgresSession) => Promise<void>;
}

/** What the connection of one client has come to. */
export interface PostgresSession {
  readonly talk: Conversation;
  readonly terms: PostgresTerms;
  readonly now: NetworkContext["clock"]["now"];
  user: string;
}

/** One message of a client. */
export interface ClientMessage {
  readonly type: string;
  readonly bytes: Buffer;
}

const messageLimitBytes = 65_536;

/** Sends messages in one piece. */
export async function sendMessages({ talk }: PostgresSession, ...messages: readonly PostgresMessage[]): Promise<void> {
  await talk.send(Buffer.concat(messages.map(writePostgresMessage)));
}

/** Reads the next message; one that is too long ends the conversation. */
export async function readMessage(session: PostgresSession): Promise<ClientMessage> {
  const head = await session.talk.bytes(5);
  const sizeBytes = head.readUInt32BE(1) - 4;
  if (sizeBytes < 0 || sizeBytes > messageLimitBytes) {
    await turnAway(session, { code: "08P01", message: "this message is too long" });
  }
  return { type: head.toString("latin1", 0, 1), bytes: await session.talk.bytes(sizeBytes) };
}

/** Tells an error that ends the connection. */
export async function turnAway(session: PostgresSession, fault: PostgresFault): Promise<never> {
  await sendMessages(session, errorResponse({ ...fault, severity: "FATAL" }));
  return session.talk.hangUp();
}
