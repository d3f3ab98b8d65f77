import type { Conversation } from "../lines/conversation.ts";
import { imapCommands } from "./imap-commands.ts";
import type { ImapCommand, ImapSession, ImapTerms } from "./imap-session.ts";
import { type MailStore, messageLimitBytes } from "./mail-store.ts";
import { type ImapArgument, splitImapCommand } from "./protocol/imap-arguments.ts";

/** Hands out mail to one client, until that has had enough. RFC 9051, RFC 3501, RFC 2177, RFC 7888. */
export async function serveImap(talk: Conversation, store: MailStore, terms: ImapTerms): Promise<never> {
  const greeting = terms.greeting ?? "* OK Fairlead test server";
  const session: ImapSession = { talk, terms, store, isIn: greeting.startsWith("* PREAUTH"), selected: undefined };
  await talk.say(greeting);
  const table: Readonly<Record<string, ImapCommand>> = { ...imapCommands, ...terms.commands };
  for (;;) {
    const { tag, name, arguments_ } = await readCommand(talk);
    const command = name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
    if (command === undefined || arguments_ === undefined) await talk.say(`${tag} BAD there is no such command here`);
    else await command(session, { tag, arguments: arguments_ });
  }
}

const literalLimitBytes = 4096;
const literalCountLimit = 4;

interface ReadCommand {
  readonly tag: string;
  readonly name: string | undefined;
  readonly arguments_: readonly ImapArgument[] | undefined;
}

// A line may end with a literal, which another line follows. RFC 9051 section 4.3.
async function readCommand(talk: Conversation): Promise<ReadCommand> {
  const first = await talk.line(withoutSecret);
  const [, tag = "*", name] = /^([^\s(){%*"\\+]+) ([A-Z]+)/i.exec(first) ?? [];
  const literals: string[] = [];
  let text = first;
  for (let last = first; ; ) {
    const [, count, plus] = /\{(\d{1,10})(\+?)\}$/.exec(last) ?? [];
    if (count === undefined) break;
    const limitBytes = name?.toUpperCase() === "APPEND" ? messageLimitBytes : literalLimitBytes;
    if (Number(count) > limitBytes || literals.length === literalCountLimit) {
      // What comes without being asked for can't be told from commands afterwards.
      if (plus === "+") await talk.hangUp("* BYE [TOOBIG] this is too long");
      await talk.say(`${tag} NO [TOOBIG] this is too long`);
      return readCommand(talk);
    }
    if (plus === "") await talk.say("+ go on");
    literals.push((await talk.bytes(Number(count))).toString("latin1"));
    last = await talk.line(() => "…");
    text += last;
  }
  return { tag, name: name?.toUpperCase(), arguments_: splitImapCommand(text, literals)?.slice(2) };
}

function withoutSecret(line: string): string {
  return line.replace(/^(\S+ (?:login|authenticate +\S+) ).*/i, "$1…");
}
