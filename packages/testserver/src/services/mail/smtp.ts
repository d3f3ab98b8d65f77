import type { Conversation } from "../lines/conversation.ts";
import { isCramOfTestUser, isPlainOfTestUser, isTestUser } from "../lines/credentials.ts";
import { type StartTlsManner, startTls, startTlsOffer } from "../lines/start-tls.ts";
import { type MailStore, messageLimitBytes } from "./mail-store.ts";
import { readSmtpPath } from "./protocol/smtp-path.ts";

/** What the connection of one client has come to. RFC 5321 section 4.1.4. */
export interface SmtpSession {
  readonly talk: Conversation;
  readonly terms: SmtpTerms;
  readonly store: MailStore;
  hasGreeted: boolean;
  user: string | undefined;
  sender: string | undefined;
  recipients: string[];
}

/** Answers one command. */
export type SmtpCommand = (session: SmtpSession, argument: string) => Promise<void>;

/** How one service differs from the ordinary. */
export interface SmtpTerms {
  readonly startTls: StartTlsManner;
  /** Commands that are answered in another way, by their name in upper case. */
  readonly commands?: Readonly<Record<string, SmtpCommand>>;
  /** In place of a greeting: what happens before the first command. */
  readonly greet?: (session: SmtpSession) => Promise<void>;
  /** Extensions in place of those that EHLO offers otherwise, without STARTTLS. */
  readonly extensions?: readonly string[];
  readonly messageLimitBytes?: number;
  /** Has a say in each recipient: a reply that refuses it. */
  readonly refuseRecipient?: (session: SmtpSession, recipient: string) => string | undefined;
  /** What happens after a message has come whole, in place of taking it. */
  readonly receive?: (session: SmtpSession, bytes: Buffer) => Promise<void>;
}

const hostName = "a.fairlead.test";
const recipientLimit = 100;

/** Takes mail of one client, until that has had enough. RFC 5321, RFC 3207, RFC 4954, RFC 1870. */
export async function serveSmtp(talk: Conversation, store: MailStore, terms: SmtpTerms): Promise<never> {
  const session: SmtpSession = {
    ...{ talk, terms, store, hasGreeted: false, user: undefined, sender: undefined, recipients: [] },
  };
  if (terms.greet === undefined) await talk.say(`220 ${hostName} ESMTP Fairlead test server`);
  else await terms.greet(session);
  const table: Readonly<Record<string, SmtpCommand | undefined>> = { ...smtpCommands, ...terms.commands };
  for (;;) {
    const line = await talk.line(withoutSecret);
    const [, verb = "", argument = ""] = /^(\S*) *(.*)$/s.exec(line) ?? [];
    const name = verb.toUpperCase();
    const command = Object.hasOwn(table, name) ? table[name] : undefined;
    if (command === undefined) await talk.say(`500 5.5.1 there is no such command here`);
    else await command(session, argument);
  }
}

/** The commands as they should be. */
export const smtpCommands = {
  HELO: async (session) => {
    begin(session);
    await session.talk.say(`250 ${hostName}`);
  },
  EHLO: async (session) => {
    begin(session);
    const lines = [hostName, ...extensionsOf(session)];
    await session.talk.say(...lines.map((line, index) => `250${index === lines.length - 1 ? " " : "-"}${line}`));
  },
  STARTTLS: async (session, argument) => {
    const { talk, terms } = session;
    if (argument !== "") return talk.say("501 5.5.4 STARTTLS takes no parameters");
    if (talk.isSecure) return talk.say("503 5.5.1 TLS is active already");
    const isSecured = await startTls(talk, terms.startTls, {
      goAhead: "220 2.0.0 go ahead",
      refusal: "454 4.7.0 TLS is not available at the moment",
      unknown: "502 5.5.1 there is no such command here",
      injected: [`250-${hostName}`, "250-AUTH PLAIN", "250 INJECTED"],
    });
    // RFC 3207 section 4.2: what was known before is forgotten.
    if (!isSecured) return;
    Object.assign(session, { hasGreeted: false, user: undefined });
    reset(session);
  },
  AUTH: async (session, argument) => {
    const { talk } = session;
    const [mechanism = "", initial] = argument.split(" ");
    if (session.user !== undefined) return talk.say("503 5.5.1 you are known already");
    const isIn = await authenticate(talk, mechanism.toUpperCase(), initial);
    if (isIn === undefined) return talk.say("504 5.5.4 there is no such mechanism here");
    if (isIn) session.user = "user";
    await talk.say(isIn ? "235 2.7.0 welcome" : "535 5.7.8 these credentials are not right");
  },
  MAIL: async (session, argument) => {
    const { talk, terms } = session;
    const path = readSmtpPath("FROM", argument);
    if (!session.hasGreeted) return talk.say("503 5.5.1 say EHLO first");
    if (path === undefined) return talk.say("501 5.5.4 say MAIL FROM:<address>");
    const sizeBytes = Number(
      /^SIZE=(\d{1,20})$/i.exec(path.parameters.find((each) => /^SIZE=/i.test(each)) ?? "")?.[1] ?? 0,
    );
    if (sizeBytes > (terms.messageLimitBytes ?? messageLimitBytes))
      return talk.say("552 5.3.4 that is more than a message may be");
    reset(session);
    session.sender = path.address;
    await talk.say("250 2.1.0 fine");
  },
  RCPT: async (session, argument) => {
    const { talk, terms, sender, recipients } = session;
    const path = readSmtpPath("TO", argument);
    if (sender === undefined) return talk.say("503 5.5.1 say MAIL first");
    if (path === undefined || path.address === "") return talk.say("501 5.5.4 say RCPT TO:<address>");
    if (recipients.length >= recipientLimit) return talk.say("452 4.5.3 these are too many recipients");
    const refusal = terms.refuseRecipient?.(session, path.address);
    if (refusal !== undefined) return talk.say(refusal);
    recipients.push(path.address);
    await talk.say("250 2.1.5 fine");
  },
  DATA: async (session) => {
    const { talk, terms, store, sender, recipients } = session;
    if (sender === undefined || recipients.length === 0) return talk.say("503 5.5.1 say MAIL and RCPT first");
    await talk.say("354 go on, and end with a dot");
    const limitBytes = terms.messageLimitBytes ?? messageLimitBytes;
    const bytes = await readMessage(talk, limitBytes);
    if (bytes === undefined) return talk.say(`552 5.3.4 the message is longer than ${limitBytes} bytes`);
    if (terms.receive !== undefined) return terms.receive(session, bytes);
    const { uid } = store.add("INBOX", { bytes, envelope: { from: sender, to: [...recipients] } });
    reset(session);
    await talk.say(`250 2.0.0 taken as ${uid}`);
  },
  RSET: async (session) => {
    reset(session);
    await session.talk.say("250 2.0.0 forgotten");
  },
  NOOP: ({ talk }) => talk.say("250 2.0.0 nothing done"),
  VRFY: ({ talk }) => talk.say("252 2.5.0 send it and see"),
  QUIT: ({ talk }) => talk.hangUp("221 2.0.0 good bye"),
} as const satisfies Readonly<Record<string, SmtpCommand>>;

function extensionsOf({ terms, talk }: SmtpSession): readonly string[] {
  const limitBytes = terms.messageLimitBytes ?? messageLimitBytes;
  const further = terms.extensions ?? [
    "PIPELINING",
    "8BITMIME",
    "SMTPUTF8",
    "ENHANCEDSTATUSCODES",
    `SIZE ${limitBytes}`,
    "AUTH PLAIN LOGIN CRAM-MD5",
  ];
  return [...startTlsOffer(talk, terms.startTls, "STARTTLS"), ...further];
}

function begin(session: SmtpSession): void {
  session.hasGreeted = true;
  reset(session);
}

function reset(session: SmtpSession): void {
  session.sender = undefined;
  session.recipients = [];
}

async function authenticate(
  talk: Conversation,
  mechanism: string,
  initial: string | undefined,
): Promise<boolean | undefined> {
  const ask = async (challenge: string): Promise<string> => {
    await talk.say(`334 ${Buffer.from(challenge).toString("base64")}`);
    return talk.line(() => "…");
  };
  const text = (base64: string): string => Buffer.from(base64, "base64").toString();
  switch (mechanism) {
    case "PLAIN":
      return isPlainOfTestUser(initial ?? (await ask("")));
    case "LOGIN": {
      const name = text(initial ?? (await ask("Username:")));
      return isTestUser(name, text(await ask("Password:")));
    }
    case "CRAM-MD5": {
      const challenge = `<1.${talk.connection.number}@${hostName}>`;
      return isCramOfTestUser(await ask(challenge), challenge);
    }
    default:
      return undefined;
  }
}

// Read to its end even where it is too long: the client hears the reply behind it only. RFC 5321 section 4.5.2 for dots.
async function readMessage(talk: Conversation, limitBytes: number): Promise<Buffer | undefined> {
  const lines: Buffer[] = [];
  let sizeBytes = 0;
  for (;;) {
    const line = await talk.dataLine();
    if (line.length === 1 && line[0] === dot)
      return sizeBytes > limitBytes ? undefined : Buffer.concat(lines, sizeBytes);
    const unstuffed = line[0] === dot ? line.subarray(1) : line;
    sizeBytes += unstuffed.length + 2;
    if (sizeBytes > limitBytes) lines.length = 0;
    else lines.push(unstuffed, crlf);
  }
}

const dot = 0x2e;
const crlf = Buffer.from("\r\n");

function withoutSecret(line: string): string {
  return line.replace(/^(auth +\S+ ).*/i, "$1…");
}
