import type { NetworkContext } from "../network-context.ts";
import type { Conversation } from "../lines/conversation.ts";
import { authenticate } from "./postgres-authentication.ts";
import { type PostgresSession, type PostgresTerms, readMessage, sendMessages, turnAway } from "./postgres-session.ts";
import { errorResponse, type PostgresMessage, readStartupParameters } from "./protocol/postgres-messages.ts";
import { answerQuery, serverVersion } from "./protocol/postgres-query.ts";

const sslRequest = 80877103;
const gssRequest = 80877104;
const cancelRequest = 80877102;
const protocol3 = 196_608;
const startupLimitBytes = 10_000;

/** Serves a client of PostgreSQL, until that has had enough. Protocol 3.0, PostgreSQL 18 documentation, chapter 54. */
export async function servePostgres(
  talk: Conversation,
  { clock }: NetworkContext,
  terms: PostgresTerms,
): Promise<never> {
  const session: PostgresSession = { talk, terms, now: clock.now, user: "" };
  await start(session);
  if (terms.turnsAway !== undefined) await turnAway(session, terms.turnsAway);
  await authenticate(session);
  const parameters = {
    server_version: serverVersion,
    server_encoding: "UTF8",
    client_encoding: "UTF8",
    DateStyle: "ISO, MDY",
    TimeZone: "UTC",
    integer_datetimes: "on",
    standard_conforming_strings: "on",
  };
  await sendMessages(
    session,
    ...Object.entries(parameters).map(([name, value]) => ({ type: "S", parts: [name, value] })),
    { type: "K", parts: [talk.connection.number, 0] },
    ready,
  );
  return answerAll(session);
}

async function start(session: PostgresSession): Promise<void> {
  const { talk, terms } = session;
  if (await talk.beginsTls()) await talk.secure("handshake");
  for (;;) {
    const head = await talk.bytes(8);
    const sizeBytes = head.readUInt32BE(0) - 8;
    const code = head.readUInt32BE(4);
    if (sizeBytes < 0 || sizeBytes > startupLimitBytes)
      await turnAway(session, { code: "08P01", message: "this is no startup message" });
    const bytes = await talk.bytes(sizeBytes);
    switch (code) {
      case sslRequest:
        if (talk.isSecure) await turnAway(session, { code: "08P01", message: "TLS is active already" });
        await answerSslRequest(session);
        break;
      case gssRequest:
        await talk.send("N");
        break;
      case cancelRequest:
        return talk.hangUp();
      case protocol3: {
        const user = readStartupParameters(bytes)?.get("user");
        if (user === undefined)
          return turnAway(session, { code: "28000", message: "there is no user in the startup message" });
        if (terms.directTlsAlone === true && !talk.isSecure)
          return turnAway(session, { code: "28000", message: "begin with TLS" });
        session.user = user.replace(/[^ -~]/g, "?").slice(0, 63);
        return;
      }
      default:
        await turnAway(session, { code: "0A000", message: "this is no protocol that is spoken here" });
    }
  }
}

async function answerSslRequest(session: PostgresSession): Promise<void> {
  const { talk, terms } = session;
  if (terms.directTlsAlone === true) return talk.send("N");
  switch (terms.tls) {
    case "refused":
      return talk.send("N");
    case "error":
      // What somebody in between could say: it must not be shown as the server's. CVE-2024-10977.
      return turnAway(session, { code: "53300", message: "an error of whoever is in between" });
    case "plain":
      await talk.send("S");
      if (await talk.beginsTls()) await talk.hangUp();
      return;
    case "stalled":
      await talk.send("S");
      return talk.stall();
    case "injected":
      // One write, so that a client reads them together: AuthenticationOk and ReadyForQuery. CVE-2021-23222.
      await talk.send(Buffer.from("S\x52\0\0\0\x08\0\0\0\0\x5a\0\0\0\x05\x49", "latin1"));
      return talk.secure();
    case "keeps-early":
      await talk.send("S");
      return talk.secure("keep");
    case "right":
      await talk.send("S");
      return talk.secure();
  }
}

const ready: PostgresMessage = { type: "Z", parts: [{ byte: 0x49 }] };

async function answerAll(session: PostgresSession): Promise<never> {
  let prepared = "";
  for (;;) {
    const { type, bytes } = await readMessage(session);
    switch (type) {
      case "Q":
        await (session.terms.onQuery?.(session) ?? answer(session, bytes.toString("utf8", 0, bytes.length - 1), true));
        await sendMessages(session, ready);
        break;
      case "P":
        prepared = bytes.toString().split("\0")[1] ?? "";
        await sendMessages(session, { type: "1", parts: [] });
        break;
      case "B":
        await sendMessages(session, { type: "2", parts: [] });
        break;
      case "D":
        await describe(session, prepared, bytes[0] === 0x53);
        break;
      case "E":
        await answer(session, prepared, false);
        break;
      case "C":
        await sendMessages(session, { type: "3", parts: [] });
        break;
      case "H":
        break;
      case "S":
        await sendMessages(session, ready);
        break;
      case "X":
        return session.talk.hangUp();
      default:
        return turnAway(session, { code: "08P01", message: "this is no message that is known here" });
    }
  }
}

async function answer(session: PostgresSession, query: string, withDescription: boolean): Promise<void> {
  const found = ask(session, query);
  switch (found.type) {
    case "empty":
      return sendMessages(session, { type: "I", parts: [] });
    case "done":
      return sendMessages(session, { type: "C", parts: [found.tag] });
    case "rows": {
      const rows = found.values.map((value) => dataRow(value));
      const description = withDescription ? [rowDescription(found.column, found.oid)] : [];
      return sendMessages(session, ...description, ...rows, { type: "C", parts: [`SELECT ${rows.length}`] });
    }
    case "sleep":
      await session.talk.pause(found.milliseconds);
      return sendMessages(session, ...(withDescription ? [rowDescription("pg_sleep", 2278)] : []), dataRow(""), {
        type: "C",
        parts: ["SELECT 1"],
      });
    case "unknown":
      return sendMessages(
        session,
        errorResponse({ code: "0A000", message: "this test server knows SELECT 1, now() and little else" }),
      );
  }
}

async function describe(session: PostgresSession, query: string, isStatement: boolean): Promise<void> {
  const found = ask(session, query);
  const parameters: readonly PostgresMessage[] = isStatement ? [{ type: "t", parts: [{ int16: 0 }] }] : [];
  const rows =
    found.type === "rows"
      ? rowDescription(found.column, found.oid)
      : found.type === "sleep"
        ? rowDescription("pg_sleep", 2278)
        : { type: "n", parts: [] };
  await sendMessages(session, ...parameters, rows);
}

function ask({ now, user, talk }: PostgresSession, query: string): ReturnType<typeof answerQuery> {
  return answerQuery(query, { now: now(), user, isSecure: talk.isSecure });
}

function rowDescription(column: string, oid: number): PostgresMessage {
  return { type: "T", parts: [{ int16: 1 }, column, 0, { int16: 0 }, oid, { int16: -1 }, -1, { int16: 0 }] };
}

function dataRow(value: string): PostgresMessage {
  const bytes = Buffer.from(value);
  return { type: "D", parts: [{ int16: 1 }, bytes.length, bytes] };
}
