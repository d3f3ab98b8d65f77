import { createHash, randomBytes } from "node:crypto";
import { isTestUser, testUser } from "../lines/credentials.ts";
import { type PostgresSession, readMessage, sendMessages, turnAway } from "./postgres-session.ts";
import type { PostgresMessage, PostgresPart } from "./protocol/postgres-messages.ts";
import { beginScram } from "./scram.ts";

/** Lets the client in, or ends the conversation. PostgreSQL 18 documentation, sections 54.2.1 and 54.3. */
export async function authenticate(session: PostgresSession): Promise<void> {
  const isIn = await isLetIn(session);
  if (!isIn)
    await turnAway(session, { code: "28P01", message: `password authentication failed for user "${session.user}"` });
  await sendMessages(session, request(0));
}

async function isLetIn(session: PostgresSession): Promise<boolean> {
  switch (session.terms.authentication) {
    case "trust":
      return true;
    case "password":
      await sendMessages(session, request(3));
      return isTestUser(session.user, await readPassword(session));
    case "md5": {
      const salt = randomBytes(4);
      await sendMessages(session, request(5, salt));
      const inner = md5(Buffer.from(testUser.password + testUser.name));
      const wanted = `md5${md5(Buffer.concat([Buffer.from(inner), salt]))}`;
      return session.user === testUser.name && (await readPassword(session)) === wanted;
    }
    case "scram":
      return scram(session, (text) => text);
    case "lying-scram":
      return scram(session, () => `v=${randomBytes(32).toString("base64")}`);
    case "unknown":
      await sendMessages(session, request(99));
      return false;
  }
}

async function scram(session: PostgresSession, tellLast: (text: string) => string): Promise<boolean> {
  const { talk, user } = session;
  const endPoint = talk.localCertificate && createHash("sha256").update(talk.localCertificate).digest();
  const mechanisms = endPoint === undefined ? ["SCRAM-SHA-256"] : ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"];
  await sendMessages(session, request(10, ...mechanisms, { byte: 0 }));
  const { bytes } = await readMessage(session);
  const end = bytes.indexOf(0);
  const clientFirst = bytes.toString("utf8", end + 5);
  const exchange = beginScram({
    clientFirst,
    serverNonce: randomBytes(18).toString("base64"),
    salt: randomBytes(16),
    endPoint,
  });
  if (end === -1 || exchange === undefined) return false;
  await sendMessages(session, request(11, Buffer.from(exchange.serverFirst)));
  const last = await exchange.finish((await readMessage(session)).bytes.toString());
  if (last === undefined || user !== testUser.name) return false;
  await sendMessages(session, request(12, Buffer.from(tellLast(last))));
  return true;
}

function request(kind: number, ...parts: readonly PostgresPart[]): PostgresMessage {
  return { type: "R", parts: [kind, ...parts] };
}

async function readPassword(session: PostgresSession): Promise<string> {
  const { bytes } = await readMessage(session);
  return bytes.toString("utf8", 0, Math.max(0, bytes.length - 1));
}

function md5(bytes: Buffer): string {
  return createHash("md5").update(bytes).digest("hex");
}
