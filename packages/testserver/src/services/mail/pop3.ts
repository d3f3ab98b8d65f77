import { createHash } from "node:crypto";
import type { Conversation } from "../lines/conversation.ts";
import { isPlainOfTestUser, isTestUser, testUser } from "../lines/credentials.ts";
import { type StartTlsManner, startTls, startTlsOffer } from "../lines/start-tls.ts";
import type { MailStore, StoredMail } from "./mail-store.ts";

/** What the connection of one client has come to. RFC 1939 section 3. */
export interface Pop3Session {
  readonly talk: Conversation;
  readonly terms: Pop3Terms;
  readonly store: MailStore;
  name: string | undefined;
  /** The maildrop, once the client is let in: what was there then, whatever comes later. */
  drop: readonly StoredMail[] | undefined;
  readonly deleted: Set<StoredMail>;
}

/** Answers one command. */
export type Pop3Command = (session: Pop3Session, argument: string) => Promise<void>;

/** How one service differs from the ordinary. */
export interface Pop3Terms {
  readonly startTls: StartTlsManner;
  /** Commands that are answered in another way, by their name in upper case. */
  readonly commands?: Readonly<Record<string, Pop3Command>>;
  /** Greets with a time stamp, and lets nobody in but by APOP. */
  readonly apop?: boolean;
  /** Lets nobody in: another client has the maildrop. */
  readonly isLocked?: boolean;
}

/** Hands out mail to one client, until that has had enough. RFC 1939, RFC 2449, RFC 2595, RFC 5034. */
export async function servePop3(talk: Conversation, store: MailStore, terms: Pop3Terms): Promise<never> {
  const session: Pop3Session = { talk, terms, store, name: undefined, drop: undefined, deleted: new Set() };
  await talk.say(`+OK ${terms.apop === true ? timestamp(talk) : "Fairlead test server"}`);
  const table: Readonly<Record<string, Pop3Command>> = { ...pop3Commands, ...terms.commands };
  for (;;) {
    const line = await talk.line(withoutSecret);
    const [, verb = "", argument = ""] = /^(\S*) *(.*)$/s.exec(line) ?? [];
    const name = verb.toUpperCase();
    const command = Object.hasOwn(table, name) ? table[name] : undefined;
    if (command === undefined) await talk.say("-ERR there is no such command here");
    else await command(session, argument);
  }
}

/** The commands as they should be. */
export const pop3Commands = {
  CAPA: async ({ talk, terms }) => {
    const ways = terms.apop === true ? [] : ["USER", "SASL PLAIN"];
    const tls = startTlsOffer(talk, terms.startTls, "STLS");
    await talk.say("+OK this is what there is", ...ways, "TOP", "UIDL", "RESP-CODES", ...tls, ".");
  },
  STLS: async (session) => {
    const { talk, terms, drop } = session;
    if (talk.isSecure || drop !== undefined) return talk.say("-ERR it is too late for that");
    const isSecured = await startTls(talk, terms.startTls, {
      goAhead: "+OK go ahead",
      refusal: "-ERR TLS is not available at the moment",
      unknown: "-ERR there is no such command here",
      injected: ["+OK injected", "SASL PLAIN", "."],
    });
    // RFC 2595 section 4: what was known before is forgotten.
    if (isSecured) session.name = undefined;
  },
  USER: async (session, argument) => {
    session.name = argument;
    await session.talk.say("+OK and the password?");
  },
  PASS: (session, argument) => letIn(session, !isApop(session) && isTestUser(session.name ?? "", argument)),
  APOP: (session, argument) => {
    const wanted = createHash("md5").update(timestamp(session.talk)).update(testUser.password).digest("hex");
    return letIn(session, isApop(session) && argument === `${testUser.name} ${wanted}`);
  },
  AUTH: async (session, argument) => {
    const { talk } = session;
    const match = /^PLAIN(?: (\S+))?$/i.exec(argument);
    if (match === null || isApop(session)) return talk.say("-ERR there is no such mechanism here");
    const [, initial] = match;
    if (initial === undefined) await talk.say("+ ");
    await letIn(session, isPlainOfTestUser(initial ?? (await talk.line(() => "…"))));
  },
  STAT: inside(async ({ talk }, present) => {
    await talk.say(`+OK ${present.length} ${present.reduce((sum, { bytes }) => sum + bytes.length, 0)}`);
  }),
  LIST: inside((session, _present, argument) => listing(session, argument, ({ bytes }) => String(bytes.length))),
  UIDL: inside((session, _present, argument) => listing(session, argument, ({ uid }) => `fairlead-${uid}`)),
  RETR: inside(async (session, _present, argument) => {
    const mail = numbered(session, argument);
    if (mail === undefined) return session.talk.say("-ERR there is no such message");
    await session.talk.say(`+OK ${mail.bytes.length} octets`);
    await session.talk.send(stuffed(mail.bytes));
    await session.talk.say(".");
  }),
  TOP: inside(async (session, _present, argument) => {
    const [number = "", count = ""] = argument.split(" ");
    const mail = numbered(session, number);
    if (mail === undefined || !/^\d{1,6}$/.test(count)) return session.talk.say("-ERR there is no such message");
    const text = mail.bytes.toString("latin1");
    const body = text.indexOf("\r\n\r\n") + 4;
    const lines = text.slice(body).split("\r\n").slice(0, Number(count));
    await session.talk.say("+OK");
    await session.talk.send(
      stuffed(Buffer.from(text.slice(0, body) + lines.map((line) => `${line}\r\n`).join(""), "latin1")),
    );
    await session.talk.say(".");
  }),
  DELE: inside(async (session, _present, argument) => {
    const mail = numbered(session, argument);
    if (mail !== undefined) session.deleted.add(mail);
    await session.talk.say(mail === undefined ? "-ERR there is no such message" : "+OK it goes with QUIT");
  }),
  RSET: inside(async ({ talk, deleted }) => {
    deleted.clear();
    await talk.say("+OK nothing goes");
  }),
  NOOP: inside(({ talk }) => talk.say("+OK")),
  QUIT: ({ talk, store, drop, deleted }) => {
    if (drop !== undefined) store.remove("INBOX", deleted);
    return talk.hangUp("+OK good bye");
  },
} as const satisfies Readonly<Record<string, Pop3Command>>;

/** Lines of a message as POP3 sends them: those that begin with a dot get another. RFC 1939 section 3. */
export function stuffed(bytes: Buffer): Buffer {
  const text = bytes.toString("latin1");
  const stuffed = text.replace(/^\./gm, "..");
  return Buffer.from(stuffed.endsWith("\r\n") ? stuffed : `${stuffed}\r\n`, "latin1");
}

function inside(
  command: (session: Pop3Session, present: readonly StoredMail[], argument: string) => Promise<void>,
): Pop3Command {
  return (session, argument) => {
    const { talk, drop, deleted } = session;
    if (drop === undefined) return talk.say("-ERR say who you are first");
    return command(
      session,
      drop.filter((mail) => !deleted.has(mail)),
      argument,
    );
  };
}

async function letIn(session: Pop3Session, isRight: boolean): Promise<void> {
  const { talk, terms, store } = session;
  if (terms.isLocked === true) return talk.say("-ERR [IN-USE] another client has the mailbox");
  if (!isRight) return talk.say("-ERR [AUTH] these credentials are not right");
  session.drop = [...store.list("INBOX")];
  await talk.say("+OK welcome");
}

async function listing(session: Pop3Session, argument: string, tell: (mail: StoredMail) => string): Promise<void> {
  const { talk, drop = [], deleted } = session;
  if (argument !== "") {
    const mail = numbered(session, argument);
    return talk.say(mail === undefined ? "-ERR there is no such message" : `+OK ${argument} ${tell(mail)}`);
  }
  const lines = drop.flatMap((mail, index) => (deleted.has(mail) ? [] : [`${index + 1} ${tell(mail)}`]));
  await talk.say("+OK", ...lines, ".");
}

function numbered({ drop, deleted }: Pop3Session, argument: string): StoredMail | undefined {
  const mail = /^\d{1,6}$/.test(argument) ? drop?.[Number(argument) - 1] : undefined;
  return mail === undefined || deleted.has(mail) ? undefined : mail;
}

function isApop({ terms: { apop = false } }: Pop3Session): boolean {
  return apop;
}

function timestamp({ connection: { number } }: Conversation): string {
  return `<${number}@a.fairlead.test>`;
}

function withoutSecret(line: string): string {
  return line.replace(/^((?:pass|auth +\S+|apop +\S+) ).*/is, "$1…");
}
