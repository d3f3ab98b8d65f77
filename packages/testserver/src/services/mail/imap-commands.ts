import { isPlainOfTestUser, isTestUser } from "../lines/credentials.ts";
import { startTls, startTlsOffer } from "../lines/start-tls.ts";
import type { ImapCommand, ImapRequest, ImapSession } from "./imap-session.ts";
import { describeMail, readFetchItems } from "./imap-fetch.ts";
import { searchMail } from "./imap-search.ts";
import { type MailboxName, mailboxNames, type StoredMail } from "./mail-store.ts";
import { readSequenceSet } from "./protocol/sequence-set.ts";

/** The commands as they should be. */
export const imapCommands = {
  CAPABILITY: async (session, { tag }) => {
    await session.talk.say(`* CAPABILITY ${capabilities(session)}`, `${tag} OK done`);
  },
  NOOP: (session, { tag }) => done(session, tag),
  CHECK: (session, { tag }) => done(session, tag),
  LOGOUT: ({ talk }, { tag }) => talk.hangUp("* BYE good bye", `${tag} OK done`),
  ENABLE: ({ talk }, { tag }) => talk.say("* ENABLED", `${tag} OK done`),
  STARTTLS: async (session, { tag }) => {
    const { talk, terms, isIn } = session;
    if (talk.isSecure || isIn) return talk.say(`${tag} BAD it is too late for that`);
    await startTls(talk, terms.startTls, {
      goAhead: `${tag} OK go ahead`,
      refusal: `${tag} NO TLS is not available at the moment`,
      unknown: `${tag} BAD there is no such command here`,
      injected: ["* CAPABILITY IMAP4rev1 AUTH=PLAIN X-INJECTED", "* 1 EXISTS", "A002 OK injected"],
    });
  },
  LOGIN: async (session, { tag, arguments: [name, password] }) => {
    const { talk, terms } = session;
    if (terms.needsTlsToLogIn === true && !talk.isSecure)
      return talk.say(`${tag} NO [PRIVACYREQUIRED] not in the clear`);
    await letIn(session, tag, isTestUser(textOf(name), textOf(password)));
  },
  AUTHENTICATE: async (session, { tag, arguments: [mechanism, initial] }) => {
    const { talk, terms } = session;
    if (terms.needsTlsToLogIn === true && !talk.isSecure)
      return talk.say(`${tag} NO [PRIVACYREQUIRED] not in the clear`);
    if (textOf(mechanism).toUpperCase() !== "PLAIN") return talk.say(`${tag} NO there is no such mechanism here`);
    if (initial === undefined) await talk.say("+ ");
    const response = initial ?? (await talk.line(() => "…"));
    if (response === "*") return talk.say(`${tag} BAD given up`);
    await letIn(session, tag, isPlainOfTestUser(textOf(response)));
  },
  LIST: inside((session, request) => list(session, request, "LIST")),
  LSUB: inside((session, request) => list(session, request, "LSUB")),
  STATUS: inside(async ({ talk, store }, { tag, arguments: [name, items] }) => {
    const mailbox = mailboxOf(name);
    if (mailbox === undefined) return talk.say(`${tag} NO [NONEXISTENT] there is no such mailbox`);
    const mails = store.list(mailbox);
    const values: Readonly<Record<string, number>> = {
      MESSAGES: mails.length,
      UIDNEXT: nextUid(mails),
      UIDVALIDITY: uidValidity,
      UNSEEN: mails.filter(({ flags }) => !flags.has("\\Seen")).length,
      RECENT: 0,
    };
    const wanted = (Array.isArray(items) ? items : []).map((item) => textOf(item as string).toUpperCase());
    const told = wanted.flatMap((each) => (Object.hasOwn(values, each) ? [`${each} ${String(values[each])}`] : []));
    await talk.say(`* STATUS ${mailbox} (${told.join(" ")})`, `${tag} OK done`);
  }),
  SELECT: inside((session, request) => select(session, request, false)),
  EXAMINE: inside((session, request) => select(session, request, true)),
  CLOSE: selected(async (session, { tag }) => {
    expunge(session);
    session.selected = undefined;
    await session.talk.say(`${tag} OK done`);
  }),
  UNSELECT: selected(async (session, { tag }) => {
    session.selected = undefined;
    await session.talk.say(`${tag} OK done`);
  }),
  EXPUNGE: selected((session, { tag }) => {
    expunge(session);
    return done(session, tag);
  }),
  FETCH: selected((session, request) => fetch(session, request, false)),
  STORE: selected((session, request) => store(session, request, false)),
  SEARCH: selected((session, request) => search(session, request, false)),
  UID: selected((session, { tag, arguments: [name, ...rest] }) => {
    const request = { tag, arguments: rest };
    switch (textOf(name).toUpperCase()) {
      case "FETCH":
        return fetch(session, request, true);
      case "STORE":
        return store(session, request, true);
      case "SEARCH":
        return search(session, request, true);
      default:
        return session.talk.say(`${tag} BAD there is no such command here`);
    }
  }),
  APPEND: inside(async (session, { tag, arguments: [name, ...rest] }) => {
    const mailbox = mailboxOf(name);
    const message = rest.at(-1);
    if (mailbox === undefined) return session.talk.say(`${tag} NO [TRYCREATE] there is no such mailbox`);
    if (typeof message !== "string") return session.talk.say(`${tag} BAD there is no message`);
    const flags = rest.find((each) => Array.isArray(each)) as readonly string[] | undefined;
    const bytes = Buffer.from(message, "latin1");
    const { uid } = session.store.add(mailbox, { bytes, envelope: undefined, flags: flagsOf(flags ?? []) });
    await done(session, tag, `[APPENDUID ${uidValidity} ${uid}] done`);
  }),
  IDLE: inside(async (session, { tag }) => {
    await session.talk.say("+ idling");
    await tellNews(session);
    const stop = session.store.follow(() => void tellNews(session).catch(() => undefined));
    try {
      while (!/^DONE$/i.test(await session.talk.line())) await session.talk.say("* BAD say DONE");
    } finally {
      stop();
    }
    await done(session, tag);
  }),
} as const satisfies Readonly<Record<string, ImapCommand>>;

const uidValidity = 1;

function capabilities({ talk, terms }: ImapSession): string {
  const logIn = terms.needsTlsToLogIn === true && !talk.isSecure ? ["LOGINDISABLED"] : ["AUTH=PLAIN", "SASL-IR"];
  return [
    "IMAP4rev1",
    "IMAP4rev2",
    ...startTlsOffer(talk, terms.startTls, "STARTTLS"),
    ...logIn,
    "IDLE",
    "LITERAL+",
    "UIDPLUS",
    "ENABLE",
    "UNSELECT",
  ].join(" ");
}

function inside(command: ImapCommand): ImapCommand {
  return (session, request) =>
    session.isIn ? command(session, request) : session.talk.say(`${request.tag} BAD say who you are first`);
}

function selected(command: ImapCommand): ImapCommand {
  return inside((session, request) =>
    session.selected === undefined
      ? session.talk.say(`${request.tag} BAD select a mailbox first`)
      : command(session, request),
  );
}

async function letIn(session: ImapSession, tag: string, isRight: boolean): Promise<void> {
  session.isIn = isRight;
  await session.talk.say(
    isRight
      ? `${tag} OK [CAPABILITY ${capabilities(session)}] welcome`
      : `${tag} NO [AUTHENTICATIONFAILED] these credentials are not right`,
  );
}

async function list({ talk }: ImapSession, { tag, arguments: [, pattern] }: ImapRequest, verb: string): Promise<void> {
  const wanted = textOf(pattern);
  const matches = mailboxPattern(wanted);
  const names = mailboxNames.filter((name) => matches.test(name));
  // An empty pattern asks for the delimiter alone. RFC 9051 section 6.3.9.
  const lines =
    wanted === "" ? [`* ${verb} (\\Noselect) "/" ""`] : names.map((name) => `* ${verb} (\\HasNoChildren) "/" ${name}`);
  await talk.say(...lines, `${tag} OK done`);
}

// One wildcard does what several in a row do, and takes no longer. There are no levels for "%" to stop at.
function mailboxPattern(text: string): RegExp {
  const parts = text.split(/[*%]+/).map((part) => part.replace(/[^\w]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i");
}

async function select(
  session: ImapSession,
  { tag, arguments: [name] }: ImapRequest,
  isReadOnly: boolean,
): Promise<void> {
  const mailbox = mailboxOf(name);
  session.selected = undefined;
  if (mailbox === undefined) return session.talk.say(`${tag} NO [NONEXISTENT] there is no such mailbox`);
  const known = [...session.store.list(mailbox)];
  session.selected = { mailbox, isReadOnly, known };
  await session.talk.say(
    `* ${known.length} EXISTS`,
    "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)",
    "* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)] all",
    `* OK [UIDVALIDITY ${uidValidity}] for ever`,
    `* OK [UIDNEXT ${nextUid(known)}] next`,
    `${tag} OK [${isReadOnly ? "READ-ONLY" : "READ-WRITE"}] selected`,
  );
}

/** Tells what has come and gone in the open mailbox since the client last heard of it. */
async function tellNews({ talk, store, selected }: ImapSession): Promise<void> {
  if (selected === undefined) return;
  const present = store.list(selected.mailbox);
  const lines: string[] = [];
  const kept = selected.known.filter((mail) => present.includes(mail));
  for (let index = selected.known.length - 1; index >= 0; index -= 1) {
    const mail = selected.known[index];
    if (mail !== undefined && !kept.includes(mail)) lines.push(`* ${index + 1} EXPUNGE`);
  }
  const fresh = present.filter((mail) => !kept.includes(mail));
  selected.known = [...kept, ...fresh];
  if (fresh.length > 0) lines.push(`* ${selected.known.length} EXISTS`);
  if (lines.length > 0) await talk.say(...lines);
}

async function done(session: ImapSession, tag: string, text = "done"): Promise<void> {
  await tellNews(session);
  await session.talk.say(`${tag} OK ${text}`);
}

function chosen(
  { selected }: ImapSession,
  set: string,
  byUid: boolean,
): readonly (readonly [number, StoredMail])[] | undefined {
  const known = selected?.known ?? [];
  const has = readSequenceSet(set, byUid ? nextUid(known) - 1 : known.length);
  if (has === undefined) return undefined;
  return known.flatMap((mail, index) => (has(byUid ? mail.uid : index + 1) ? [[index + 1, mail] as const] : []));
}

async function fetch(
  session: ImapSession,
  { tag, arguments: [set, wanted] }: ImapRequest,
  byUid: boolean,
): Promise<void> {
  const { talk } = session;
  const items = readFetchItems(wanted);
  const mails = chosen(session, textOf(set), byUid);
  if (items === undefined || mails === undefined) return talk.say(`${tag} BAD this can't be fetched here`);
  const names = byUid && !items.names.includes("UID") ? ["UID", ...items.names] : items.names;
  for (const [number, mail] of mails) {
    if (items.marksSeen && session.selected?.isReadOnly === false) mail.flags.add("\\Seen");
    await talk.send(describeMail(mail, number, names));
  }
  await talk.say(`${tag} OK done`);
}

async function store(
  session: ImapSession,
  { tag, arguments: [set, how, flags] }: ImapRequest,
  byUid: boolean,
): Promise<void> {
  const { talk } = session;
  const mails = chosen(session, textOf(set), byUid);
  const [, sign, silent] = /^([+-]?)FLAGS(\.SILENT)?$/i.exec(textOf(how)) ?? [];
  if (mails === undefined || sign === undefined) return talk.say(`${tag} BAD this can't be stored here`);
  if (session.selected?.isReadOnly === true) return talk.say(`${tag} NO this mailbox is open for reading alone`);
  const given = flagsOf(Array.isArray(flags) ? (flags as readonly string[]) : [textOf(flags)]);
  for (const [number, mail] of mails) {
    if (sign === "") mail.flags.clear();
    for (const flag of given) {
      if (sign === "-") mail.flags.delete(flag);
      else mail.flags.add(flag);
    }
    if (silent === undefined) await talk.send(describeMail(mail, number, byUid ? ["UID", "FLAGS"] : ["FLAGS"]));
  }
  await talk.say(`${tag} OK done`);
}

async function search(session: ImapSession, { tag, arguments: keys }: ImapRequest, byUid: boolean): Promise<void> {
  const { talk, selected } = session;
  const found = searchMail(selected?.known ?? [], keys);
  if (found === undefined) return talk.say(`${tag} BAD this can't be searched for here`);
  const numbers = found.map(([number, { uid }]) => (byUid ? uid : number));
  await talk.say(["* SEARCH", ...numbers].join(" "), `${tag} OK done`);
}

function expunge({ selected, store }: ImapSession): void {
  if (selected === undefined || selected.isReadOnly) return;
  store.remove(selected.mailbox, new Set(selected.known.filter(({ flags }) => flags.has("\\Deleted"))));
}

const systemFlags = ["\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft"] as const;

// Those of the system alone: flags of a client's own would be one more thing to limit.
function flagsOf(given: readonly unknown[]): Set<string> {
  return new Set(
    systemFlags.filter((flag) =>
      given.some((each) => typeof each === "string" && each.toLowerCase() === flag.toLowerCase()),
    ),
  );
}

function mailboxOf(name: unknown): MailboxName | undefined {
  return mailboxNames.find((each) => each.toUpperCase() === textOf(name).toUpperCase());
}

function nextUid(mails: readonly StoredMail[]): number {
  return (mails.at(-1)?.uid ?? 0) + 1;
}

function textOf(argument: unknown): string {
  return typeof argument === "string" ? argument : "";
}
