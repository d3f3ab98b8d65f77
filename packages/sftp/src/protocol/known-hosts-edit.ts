import { isAbout, parseKnownHostLine, type HashName, type KnownHostLine } from "./known-hosts.ts";

/** A key that is to be remembered for a host. */
export interface RememberedKey {
  /** As `knownHostName` gives it. */
  readonly name: string;
  readonly keyType: string;
  /** In base64. */
  readonly key: string;
}

/** What a known-hosts file is to hold, or the line, counted from 1, that only a person can change. */
export type KnownHostsEdit =
  | { readonly type: "edited"; readonly text: string }
  | { readonly type: "by-hand"; readonly line: number };

/**
 * Adds a key for a host, which then has no other: its earlier keys go. A line that names other hosts, too, keeps them; one
 * that means the host by a pattern cannot be changed without changing what is known of others.
 *
 * @param salt for a hashed name, in base64: a file whose names are hashed gets no readable one.
 */
export function rememberHostKey(
  text: string,
  { name, keyType, key }: RememberedKey,
  hashName: HashName,
  salt: string,
): KnownHostsEdit {
  const kept: string[] = [];
  let isHashed = false;
  let isThere = false;
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  for (const [index, line] of lines.entries()) {
    const parsed = parseKnownHostLine(line);
    isHashed = parsed === undefined ? isHashed : parsed.hosts.startsWith("|1|");
    const isOwn = parsed?.marker === "none" && isAbout(parsed, name, hashName);
    const isOld = isOwn && parsed.key !== key;
    isThere ||= isOwn && !isOld;
    const next = isOld ? withoutHost(line, parsed, name) : line;
    if (next === undefined) return { type: "by-hand", line: index + 1 };
    if (!isOld || next !== "") kept.push(next);
  }
  if (isThere) return { type: "edited", text: `${kept.join("\n")}\n` };
  const hosts = isHashed ? `|1|${salt}|${hashName(salt, name)}` : name;
  return { type: "edited", text: `${[...kept, `${hosts} ${keyType} ${key}`].join("\n")}\n` };
}

/** The line without the host; empty where it named nobody else, `undefined` where a pattern means the host. */
function withoutHost(line: string, { hosts }: KnownHostLine, name: string): string | undefined {
  if (hosts.startsWith("|1|")) return "";
  const names = hosts.split(",");
  const others = names.filter((each) => each.toLowerCase() !== name);
  if (/[*?!]/.test(hosts) || others.length === names.length) return undefined;
  return others.length === 0 ? "" : line.replace(hosts, () => others.join(","));
}
