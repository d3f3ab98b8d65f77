import { matchesPatternList } from "./host-pattern.ts";

/** What a line of a known-hosts file says of its key. */
export type HostKeyMarker = "none" | "revoked" | "cert-authority";

/** One line of a known-hosts file. */
export interface KnownHostLine {
  readonly marker: HostKeyMarker;
  /** Patterns separated by commas, or one hashed name: `|1|salt|hash`. */
  readonly hosts: string;
  /** `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256`. */
  readonly keyType: string;
  /** The public key as it goes over the wire, in base64. */
  readonly key: string;
}

/** What hashes a name with a salt: HMAC-SHA1, the salt being the key; both sides in base64. */
export type HashName = (salt: string, name: string) => string;

/** What is known of a host before it shows a key. */
export interface HostKnowledge {
  /** Keys that are its own. */
  readonly keys: readonly KnownHostLine[];
  /** Keys in base64 that nobody may show in its place. */
  readonly revoked: ReadonlySet<string>;
  /** Whether authorities are named that sign its keys. Certificates of hosts are not supported. */
  readonly hasCertificateAuthority: boolean;
}

/** What a key is that a host shows. */
export type HostKeyState = "known" | "unknown" | "changed" | "revoked";

/** The file names a key in one way only: with padding, and without anything between. */
const base64 = /^(?:[A-Za-z\d+/]{4})+(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;
const hashed = /^\|1\|([A-Za-z\d+/]+=*)\|([A-Za-z\d+/]+=*)$/;
const markers: ReadonlyMap<string, HostKeyMarker> = new Map([
  ["@revoked", "revoked"],
  ["@cert-authority", "cert-authority"],
]);

/**
 * Parses a known-hosts file. Comments, empty lines and lines that cannot be read are passed over, as OpenSSH does.
 *
 * @see sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"
 */
export function parseKnownHosts(text: string): readonly KnownHostLine[] {
  return text.split("\n").flatMap((line) => parseKnownHostLine(line) ?? []);
}

/** Parses one line; `undefined` for a comment and for what cannot be read. */
export function parseKnownHostLine(line: string): KnownHostLine | undefined {
  const fields = line.trim().split(/[ \t]+/);
  const isMarked = fields[0]?.startsWith("@") === true;
  const marker = isMarked ? markers.get(fields[0] ?? "") : "none";
  const [hosts = "", keyType = "", key = ""] = isMarked ? fields.slice(1) : fields;
  if (marker === undefined || hosts === "" || hosts.startsWith("#") || !base64.test(key)) return undefined;
  // What cannot be a hashed name is none of anybody's: as a pattern it would match nothing either.
  if (hosts.startsWith("|") && !hashed.test(hosts)) return undefined;
  return { marker, hosts, keyType, key };
}

/** The name under which a known-hosts file has a host: with its port in brackets where that is not 22. */
export function knownHostName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${String(port)}`;
}

/** Whether a line is about a host. @param name as {@link knownHostName} gives it. */
export function isAbout({ hosts }: KnownHostLine, name: string, hashName: HashName): boolean {
  const [, salt, hash] = hashed.exec(hosts) ?? [];
  if (salt === undefined) return matchesPatternList(hosts, name);
  return hashName(salt, name) === hash;
}

/** Gathers what lines say about one host. @param name as {@link knownHostName} gives it. */
export function knowledgeOf(lines: readonly KnownHostLine[], name: string, hashName: HashName): HostKnowledge {
  const about = lines.filter((line) => isAbout(line, name, hashName));
  return {
    keys: about.filter(({ marker }) => marker === "none"),
    revoked: new Set(about.filter(({ marker }) => marker === "revoked").map(({ key }) => key)),
    hasCertificateAuthority: about.some(({ marker }) => marker === "cert-authority"),
  };
}

/**
 * Judges the key that a host shows.
 *
 * A host that has keys and shows another counts as changed whatever the type of that key is: the types of those it has
 * were offered first, so one that still holds them would have shown one. OpenSSH calls a key of a new type unknown.
 *
 * @param key in base64.
 */
export function judgeHostKey({ keys, revoked }: HostKnowledge, key: string): HostKeyState {
  if (revoked.has(key)) return "revoked";
  if (keys.some((known) => known.key === key)) return "known";
  return keys.length === 0 ? "unknown" : "changed";
}
