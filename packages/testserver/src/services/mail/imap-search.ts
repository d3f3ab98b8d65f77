import type { StoredMail } from "./mail-store.ts";
import type { ImapArgument } from "./protocol/imap-arguments.ts";
import { headerValue, splitMessage } from "./protocol/message-parts.ts";
import { readSequenceSet } from "./protocol/sequence-set.ts";

type Matches = (mail: StoredMail, number: number) => boolean;

/**
 * Finds messages that have all that is asked for, with their numbers. Returns `undefined` where a key is not known here.
 *
 * @see RFC 9051 section 6.4.4
 */
export function searchMail(
  mails: readonly StoredMail[],
  keys: readonly ImapArgument[],
): readonly (readonly [number: number, mail: StoredMail])[] | undefined {
  const matchers: Matches[] = [];
  const rest = keys.map((key) => (typeof key === "string" ? key : ""));
  while (rest.length > 0) {
    const matcher = readKey(rest, mails);
    if (matcher === undefined) return undefined;
    matchers.push(matcher);
  }
  return mails.flatMap((mail, index) =>
    matchers.every((matches) => matches(mail, index + 1)) ? [[index + 1, mail] as const] : [],
  );
}

function readKey(rest: string[], mails: readonly StoredMail[]): Matches | undefined {
  const key = rest.shift() ?? "";
  const byFlag = readFlagKey(key);
  if (byFlag !== undefined) return byFlag;
  switch (key.toUpperCase()) {
    case "ALL":
      return () => true;
    case "NOT": {
      const inner = readKey(rest, mails);
      return inner === undefined ? undefined : (mail, number) => !inner(mail, number);
    }
    case "UID": {
      const has = readSequenceSet(rest.shift() ?? "", mails.at(-1)?.uid ?? 0);
      return has === undefined ? undefined : ({ uid }) => has(uid);
    }
    case "SUBJECT":
    case "FROM":
    case "TO": {
      const text = (rest.shift() ?? "").toLowerCase();
      return ({ bytes }) =>
        headerValue(splitMessage(bytes.toString("latin1")).header, key.toLowerCase())
          ?.toLowerCase()
          .includes(text) ?? false;
    }
    case "TEXT": {
      const text = (rest.shift() ?? "").toLowerCase();
      return ({ bytes }) => bytes.toString("latin1").toLowerCase().includes(text);
    }
    default: {
      const has = readSequenceSet(key, mails.length);
      return has === undefined ? undefined : (_mail, number) => has(number);
    }
  }
}

const flags = ["\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft"] as const;

function readFlagKey(key: string): Matches | undefined {
  const [, not, name = ""] = /^(UN)?(\w+)$/i.exec(key) ?? [];
  const flag = flags.find((each) => each.toLowerCase() === `\\${name.toLowerCase()}`);
  return flag === undefined ? undefined : (mail) => mail.flags.has(flag) === (not === undefined);
}
