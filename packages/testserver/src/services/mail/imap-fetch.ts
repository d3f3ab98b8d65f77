import { headerFields, headerValue, splitMessage } from "./protocol/message-parts.ts";
import type { ImapArgument } from "./protocol/imap-arguments.ts";
import type { StoredMail } from "./mail-store.ts";

/** What a client wants of each message. */
export interface FetchItems {
  readonly names: readonly string[];
  /** Whether having it makes it read. */
  readonly marksSeen: boolean;
}

const macros: Readonly<Record<string, readonly string[]>> = {
  ALL: ["FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE"],
  FAST: ["FLAGS", "INTERNALDATE", "RFC822.SIZE"],
};

const known =
  /^(?:FLAGS|UID|INTERNALDATE|ENVELOPE|RFC822(?:\.SIZE|\.HEADER|\.TEXT)?|BODY(?:\.PEEK)?\[(?:HEADER(?:\.FIELDS(?:\.NOT)? \([^()\]]*\))?|TEXT|1)?\](?:<\d{1,9}\.\d{1,9}>)?)$/;

/** Reads what is to be fetched; `undefined` where something of it is not to be had here. RFC 9051 section 6.4.5. */
export function readFetchItems(argument: ImapArgument | undefined): FetchItems | undefined {
  const list = typeof argument === "string" ? (macros[argument.toUpperCase()] ?? [argument]) : (argument ?? []);
  const names = list.map((item) => (typeof item === "string" ? item.toUpperCase() : ""));
  if (names.length === 0 || names.length > 20 || !names.every((name) => known.test(name))) return undefined;
  return { names, marksSeen: names.some((name) => /^(?:BODY\[|RFC822(?:\.TEXT)?$)/.test(name)) };
}

/** What FETCH says of one message, without the line's end. */
export function describeMail(mail: StoredMail, number: number, names: readonly string[]): Buffer {
  const pieces: (string | Buffer)[] = [`* ${number} FETCH (`];
  for (const [index, name] of names.entries()) {
    if (index > 0) pieces.push(" ");
    pieces.push(...describeItem(mail, name));
  }
  pieces.push(")\r\n");
  return Buffer.concat(pieces.map((piece) => (typeof piece === "string" ? Buffer.from(piece) : piece)));
}

/** A date and time as IMAP has it. RFC 9051 section 9, date-time. */
export function internalDate(milliseconds: number): string {
  const [, day = "", month = "", year = "", time = ""] =
    /, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(milliseconds).toUTCString()) ?? [];
  return `"${day}-${month}-${year} ${time} +0000"`;
}

function describeItem(mail: StoredMail, name: string): readonly (string | Buffer)[] {
  switch (name) {
    case "FLAGS":
      return [`FLAGS (${[...mail.flags].join(" ")})`];
    case "UID":
      return [`UID ${mail.uid}`];
    case "INTERNALDATE":
      return [`INTERNALDATE ${internalDate(mail.receivedAt)}`];
    case "RFC822.SIZE":
      return [`RFC822.SIZE ${mail.bytes.length}`];
    case "ENVELOPE":
      return [`ENVELOPE ${envelope(splitMessage(mail.bytes.toString("latin1")).header)}`];
    default: {
      const bytes = section(mail, name);
      return [`${name.replace(".PEEK", "").replace(/\.\d+>$/, ">")} {${bytes.length}}\r\n`, bytes];
    }
  }
}

function section(mail: StoredMail, name: string): Buffer {
  const { header, body } = splitMessage(mail.bytes.toString("latin1"));
  const [, wanted = name === "RFC822.HEADER" ? "HEADER" : name === "RFC822.TEXT" ? "TEXT" : ""] =
    /\[(.*)\]/.exec(name) ?? [];
  const [, not, list = ""] = /^HEADER\.FIELDS(\.NOT)? \((.*)\)$/.exec(wanted) ?? [];
  const fields = list.toLowerCase().split(" ");
  const chosen = (): string =>
    `${headerFields(header)
      .filter((field) => fields.includes(field.name) === (not === undefined))
      .map(({ text }) => text)
      .join("")}\r\n`;
  const whole =
    wanted === "" ? mail.bytes : Buffer.from(wanted === "HEADER" ? header : list !== "" ? chosen() : body, "latin1");
  const [, from = "0", count = String(whole.length)] = /<(\d+)\.(\d+)>$/.exec(name) ?? [];
  return whole.subarray(Number(from), Number(from) + Number(count));
}

function envelope(header: string): string {
  const text = (name: string): string => quoted(headerValue(header, name));
  const addresses = (name: string): string => {
    const list = headerValue(header, name)?.split(",").slice(0, 20).map(address) ?? [];
    return list.length === 0 ? "NIL" : `(${list.join("")})`;
  };
  const from = addresses("from");
  return `(${[text("date"), text("subject"), from, from, from, addresses("to"), addresses("cc"), addresses("bcc"), text("in-reply-to"), text("message-id")].join(" ")})`;
}

function address(text: string): string {
  const [, name, mailbox = "", host = ""] = /^\s*(?:"?([^"<]*?)"?\s*<)?([^<>@\s]*)@?([^<>\s]*)>?\s*$/.exec(text) ?? [];
  return `(${[name === "" ? undefined : name, undefined, mailbox, host].map(quoted).join(" ")})`;
}

function quoted(text: string | undefined): string {
  return text === undefined ? "NIL" : `"${text.replace(/[\r\n\0\x80-\xff]/g, "?").replace(/["\\]/g, "\\$&")}"`;
}
