import { decodeAlternative } from "@fairlead/http/alt-svc";
import {
  credentialKey,
  decodeCredentialRecord,
  decodeLoginRecord,
  decodeOAuth1TokenRecord,
  decodeTokenRecord,
} from "@fairlead/http/authentication";
import { decodeRedirects, describeRedirects } from "@fairlead/http/cache";
import { cookieKey, decodeCookie } from "@fairlead/http/cookies";
import { decodeHstsEntry, hstsHost, isPreloadExemption } from "@fairlead/http/hsts";
import type { StoreRecord } from "@fairlead/store";
import { sessionFacts } from "@fairlead/tls";
import { formatPeer } from "@fairlead/transport";
import { createHash } from "node:crypto";
import { decodeExceptions, readExceptionKey } from "../../agreement/protocol/certificate-exception.ts";
import { decodeIdentityChoice } from "../../agreement/protocol/identity-choice.ts";
import { decodeAddresses } from "../../names/protocol/address-record.ts";
import { certificateOf, hostsOfCertificate, namesOf, subjectOf } from "./certificate-facts.ts";
import { canonicalHost, hostsOfUrls, isNamedBy } from "./hosts.ts";

/** What a record is, wherever it comes from. */
export type ReadRecord = Pick<StoreRecord, "key" | "value">;

/** What can be said of the records of one collection. */
export interface CollectionReader {
  /** One line. */
  readonly holds: string;
  /** Names of the facts that `describe` gives, in the order of the table. */
  readonly columns: readonly string[];
  /** What may be shown of a record; never a secret. Not safe to print yet. */
  readonly describe: (record: ReadRecord) => Readonly<Record<string, string>>;
  /** Every host that a record tells of, that of its partition included; `*.a.example` where a certificate says so. */
  readonly hosts: (record: ReadRecord) => readonly string[];
  /** Whether it is whole, and one that a manager could have written. */
  readonly isSound: (record: ReadRecord) => boolean;
}

/** Reads a collection by what it holds; of one that is not known, nothing but its keys. */
export function readerOf(collection: string): CollectionReader {
  return (Object.hasOwn(readers, collection) ? readers[collection] : undefined) ?? unknownCollection;
}

/** Whether a record of a collection tells of this host. */
export function isAbout(collection: string, record: ReadRecord, host: string): boolean {
  const name = canonicalHost(host);
  return (
    name !== "" &&
    readerOf(collection)
      .hosts(record)
      .some((each) => isNamedBy(each, name))
  );
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const DAMAGED = "(damaged)";

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, "?…");
}

const cookies: CollectionReader = {
  holds: "cookies (secret)",
  columns: ["name", "domain", "path", "flags"],
  describe: describeCookie,
  hosts: ({ value }) => {
    const domain = cookieOf(value)?.domain;
    return domain === undefined ? [] : [domain];
  },
  isSound: ({ key, value }) => isCookie(key, value),
};

const readers: Readonly<Record<string, CollectionReader>> = {
  hsts: {
    holds: "hosts that want https",
    columns: ["host", "subdomains"],
    describe: ({ key, value }) => ({
      host: key,
      subdomains: isPreloadExemption(value)
        ? "exempt from the preload list"
        : decodeHstsEntry(value)?.includeSubDomains === true
          ? "yes"
          : "no",
    }),
    hosts: ({ key }) => [key],
    isSound: ({ key, value }) =>
      isHost(key) && hstsHost(key) === key && (decodeHstsEntry(value) !== undefined || isPreloadExemption(value)),
  },
  cookies,
  "partitioned-cookies": {
    holds: "cookies that were set on behalf of a top-level site (secret)",
    columns: [...cookies.columns, "partition"],
    describe: (record) => ({ ...cookies.describe(record), partition: partitionOf(record) }),
    hosts: (record) => [...cookies.hosts(record), ...hostsOfUrls(partitionOf(record))],
    isSound: (record) => isPartition(partitionOf(record)) && isCookie(withoutPartition(record), record.value),
  },
  "permanent-redirects": {
    holds: "redirects (301, 308) that are followed without asking",
    columns: ["from", "to", "status", "partition"],
    describe: ({ key, value }) => {
      const [redirect] = describeRedirects(key, decoder.decode(value));
      if (redirect === undefined) return { from: DAMAGED };
      const { url, location, status, partition } = redirect;
      // Queries may hold what is nobody else's to see.
      return { from: withoutQuery(url), to: withoutQuery(location), status: String(status), partition };
    },
    hosts: ({ key, value }) =>
      describeRedirects(key, decoder.decode(value)).flatMap(({ url, location, partition }) =>
        hostsOfUrls(url, URL.parse(location, url)?.href, partitionOfScope(partition)),
      ),
    isSound: (record) => {
      const redirects = decodeRedirects(decoder.decode(record.value));
      const partition = partitionOfScope(partitionOf(record));
      if (!record.key.includes(" ") || (partition !== "" && !isPartition(partition))) return false;
      return (
        URL.canParse(withoutPartition(record)) &&
        redirects.length > 0 &&
        redirects.every(({ status }) => [301, 308].includes(status))
      );
    },
  },
  credentials: {
    holds: "names, passwords and tokens for servers and proxies (secret)",
    columns: ["server", "realm", "user", "scheme", "partition"],
    describe: ({ value }) => {
      const record = decodeCredentialRecord(decoder.decode(value));
      if (record === undefined) return { server: DAMAGED };
      const { role, origin, realm, scheme, partition, credentials } = record;
      return {
        server: role === "proxy" ? `${origin} (proxy)` : origin,
        realm: Buffer.from(realm, "latin1").toString("utf8"),
        user: credentials.type === "password" ? credentials.username : `(${credentials.type})`,
        scheme,
        partition,
      };
    },
    hosts: ({ value }) => {
      const record = decodeCredentialRecord(decoder.decode(value));
      return hostsOfUrls(record?.origin, record?.partition);
    },
    isSound: ({ key, value }) => {
      const record = decodeCredentialRecord(decoder.decode(value));
      return record !== undefined && credentialKey(record) === key && URL.canParse(record.origin);
    },
  },
  "tls-tickets": {
    holds: "what resumes TLS sessions (secret)",
    columns: ["certificate", "protocol", "key"],
    describe: ({ key, value }) => {
      const facts = sessionFacts(value);
      const certificate = certificateOf(facts?.peerCertificate);
      return { certificate: namesOf(certificate), protocol: facts?.version ?? DAMAGED, key };
    },
    // A ticket's key hides its host. Its certificate tells, of a neighbour with the same certificate too.
    hosts: ({ value }) => hostsOfCertificate(certificateOf(sessionFacts(value)?.peerCertificate)),
    isSound: ({ value }) => sessionFacts(value)?.verified === true,
  },
  "alt-svc": {
    holds: "where origins can be reached as well",
    columns: ["origin", "alternative", "partition"],
    describe: (record) => {
      const alternative = decodeAlternative(record.value);
      return {
        origin: withoutPartition(record),
        alternative: alternative === undefined ? DAMAGED : formatPeer(alternative.host, alternative.port),
        partition: partitionOf(record),
      };
    },
    hosts: (record) => {
      const alternative = decodeAlternative(record.value)?.host;
      const others = alternative === undefined ? [] : [canonicalHost(alternative)];
      return [...hostsOfUrls(withoutPartition(record), partitionOf(record)), ...others];
    },
    isSound: (record) =>
      URL.parse(withoutPartition(record))?.origin === withoutPartition(record) &&
      isPartitionOrOwn(record) &&
      decodeAlternative(record.value) !== undefined,
  },
  "certificate-exceptions": {
    holds: "certificates that are let in although verification refuses them",
    columns: ["certificate", "server", "problems"],
    describe: ({ key, value }) => {
      const exceptions = decodeExceptions(value)?.map((each) => readExceptionKey(each.key));
      return {
        certificate: exceptions?.map(({ fingerprint }) => fingerprint).join(", ") ?? DAMAGED,
        server: key,
        problems: exceptions?.map(({ problems }) => problems).join("; ") ?? DAMAGED,
      };
    },
    hosts: ({ key }) => hostsOfUrls(`https://${key}`),
    isSound: ({ key, value }) => URL.canParse(`https://${key}`) && decodeExceptions(value) !== undefined,
  },
  "client-identities": {
    holds: "which certificate the client shows to a server, or that it shows none",
    columns: ["origin", "certificate", "partition"],
    describe: (record) => {
      const choice = decodeIdentityChoice(record.value);
      const [partition = "", origin = ""] = record.key.split(" ");
      return { origin, certificate: choice === undefined ? DAMAGED : (choice.identity ?? "none"), partition };
    },
    hosts: ({ key }) => hostsOfUrls(...key.split(" ", 2)),
    isSound: ({ key, value }) => {
      const [, origin = "", authorities = "", ...rest] = key.split(" ");
      return (
        URL.parse(origin)?.origin === origin &&
        isPartitionOrOwn({ key, value }) &&
        /^[\w-]{43}$/.test(authorities) &&
        rest.length === 0 &&
        decodeIdentityChoice(value) !== undefined
      );
    },
  },
  "resolved-addresses": {
    holds: "addresses of hosts, for as long as their name servers said",
    columns: ["host", "addresses", "partition"],
    describe: (record) => ({
      host: withoutPartition(record),
      addresses: decodeAddresses(record.value)?.join(", ") ?? DAMAGED,
      partition: partitionOf(record),
    }),
    hosts: (record) => [canonicalHost(withoutPartition(record)), ...hostsOfUrls(partitionOf(record))],
    isSound: (record) =>
      isHost(withoutPartition(record)) && isPartitionOrOwn(record) && decodeAddresses(record.value) !== undefined,
  },
  "oauth-tokens": {
    holds: "tokens by which an application acts for somebody (secret)",
    columns: ["issuer", "client", "account", "user", "scope", "type", "renewable"],
    describe: ({ key, value }) => {
      const signer = decodeOAuth1TokenRecord(key, decoder.decode(value));
      if (signer !== undefined) {
        return { issuer: signer.service, client: signer.consumerKey, account: signer.account, type: "OAuth 1" };
      }
      const record = decodeTokenRecord(key, decoder.decode(value));
      if (record === undefined) return { issuer: DAMAGED };
      const { issuer, clientId, account, tokens } = record;
      return {
        issuer,
        client: clientId,
        account,
        user: tokens.claims?.sub ?? "",
        scope: tokens.scope.join(" "),
        type: key.startsWith("turn ") ? `${tokens.tokenType} (whose turn it is to renew them)` : tokens.tokenType,
        renewable: tokens.refreshToken === undefined ? "no" : "yes",
      };
    },
    // Each URL in a key, between spaces, is of somebody whom the token tells of.
    hosts: ({ key }) => hostsOfUrls(...key.split(" ")),
    isSound: ({ key, value }) =>
      decodeTokenRecord(key, decoder.decode(value)) !== undefined ||
      decodeOAuth1TokenRecord(key, decoder.decode(value)) !== undefined,
  },
  "oauth-logins": {
    holds: "where somebody signed in, and who is sent the tokens (secret)",
    columns: ["issuer", "client", "account", "for"],
    describe: ({ key, value }) => {
      const record = decodeLoginRecord(key, decoder.decode(value));
      if (record === undefined) return { issuer: DAMAGED };
      const { issuer, clientId, account, origins } = record;
      return { issuer, client: clientId, account, for: origins.join(" ") };
    },
    hosts: ({ key, value }) => {
      const record = decodeLoginRecord(key, decoder.decode(value));
      return hostsOfUrls(record?.issuer, ...(record?.origins ?? []));
    },
    isSound: ({ key, value }) => decodeLoginRecord(key, decoder.decode(value)) !== undefined,
  },
  "tls-intermediates": {
    holds: "certificates of authorities, for servers that forget to send them",
    columns: ["subject", "key"],
    describe: ({ key, value }) => ({ subject: subjectOf(certificateOf(value)), key }),
    // They say which authorities were met, and of no host that it was visited.
    hosts: () => [],
    isSound: ({ key, value }) =>
      certificateOf(value) !== undefined && key.endsWith(`.${createHash("sha256").update(value).digest("hex")}`),
  },
};

const unknownCollection: CollectionReader = {
  holds: "something that this version does not know",
  columns: ["key"],
  describe: ({ key }) => ({ key }),
  hosts: () => [],
  isSound: () => false,
};

function describeCookie({ value }: ReadRecord): Readonly<Record<string, string>> {
  const cookie = cookieOf(value);
  if (cookie === undefined) return { name: DAMAGED };
  const { name, domain, path, hostOnly, secureOnly, httpOnly, sameSite } = cookie;
  const flags = [
    secureOnly && "Secure",
    httpOnly && "HttpOnly",
    sameSite !== "Default" && `SameSite=${sameSite}`,
  ].filter((flag) => flag !== false);
  return { name, domain: hostOnly ? domain : `.${domain}`, path, flags: flags.join(" ") };
}

function cookieOf(value: Uint8Array): ReturnType<typeof decodeCookie> {
  return decodeCookie(decoder.decode(value));
}

function isCookie(key: string, value: Uint8Array): boolean {
  const cookie = cookieOf(value);
  return cookie?.expiryTime !== undefined && cookieKey(cookie) === key;
}

/** The key of what belongs to a partition begins with it. */
function partitionOf({ key }: ReadRecord): string {
  return key.slice(0, Math.max(0, key.indexOf(" ")));
}

function withoutPartition({ key }: ReadRecord): string {
  return key.slice(key.indexOf(" ") + 1);
}

/** The server of a resource may be behind a Unix socket, whose name comes first. */
function partitionOfScope(partition: string): string {
  return partition.replace(/^unix:[^+]*\+/, "");
}

function isPartition(partition: string): boolean {
  const host = URL.parse(partition)?.host ?? "";
  return host !== "" && /^[a-z]+:$/.test(partition.slice(0, -2 - host.length)) && partition.endsWith(`//${host}`);
}

function isPartitionOrOwn(record: ReadRecord): boolean {
  const partition = partitionOf(record);
  return partition === "" || isPartition(partition);
}

function isHost(text: string): boolean {
  return URL.parse(`http://${text}/`)?.hostname === text;
}
