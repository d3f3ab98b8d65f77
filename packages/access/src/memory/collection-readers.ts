import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { decodeAlternative } from "@fairlead/http/alt-svc";
import { decodeCredentialRecord } from "@fairlead/http/authentication";
import { describeRedirects } from "@fairlead/http/cache";
import { decodeCookie } from "@fairlead/http/cookies";
import { decodeHstsEntry } from "@fairlead/http/hsts";
import type { StoreRecord } from "@fairlead/store";
import { sessionFacts } from "@fairlead/tls";
import { formatPeer } from "@fairlead/transport";

/** What can be said of the records of one collection. */
export interface CollectionReader {
  /** One line. */
  readonly holds: string;
  /** Names of the facts that `describe` gives, in the order of the table. */
  readonly columns: readonly string[];
  /** What may be shown of a record; never a secret. Not safe to print yet. */
  readonly describe: (record: StoreRecord) => Readonly<Record<string, string>>;
  /** Whether a record is remembered of this host. */
  readonly isAbout: (record: StoreRecord, host: string) => boolean;
}

/** Reads a collection by what it holds; of one that is not known, nothing but its keys. */
export function readerOf(collection: string): CollectionReader {
  return (Object.hasOwn(readers, collection) ? readers[collection] : undefined) ?? unknownCollection;
}

const decoder = new TextDecoder();

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, "?…");
}

function isUrlOf(url: string, host: string): boolean {
  return URL.parse(url)?.hostname === canonicalHost(host);
}

const readers: Readonly<Record<string, CollectionReader>> = {
  hsts: {
    holds: "hosts that want https",
    columns: ["host", "subdomains"],
    describe: ({ key, value }) => ({
      host: key,
      subdomains: decodeHstsEntry(value)?.includeSubDomains === true ? "yes" : "no",
    }),
    isAbout: ({ key }, host) => key === canonicalHost(host),
  },
  cookies: {
    holds: "cookies (secret)",
    columns: ["name", "domain", "path", "flags"],
    describe: describeCookie,
    isAbout: isCookieOf,
  },
  "partitioned-cookies": {
    holds: "cookies that were set on behalf of a top-level site (secret)",
    columns: ["name", "domain", "path", "flags", "partition"],
    describe: (record) => ({ ...describeCookie(record), partition: partitionOf(record) }),
    isAbout: (record, host) =>
      isCookieOf(record, host) || URL.parse(partitionOf(record))?.hostname === canonicalHost(host),
  },
  "permanent-redirects": {
    holds: "redirects (301, 308) that are followed without asking",
    columns: ["from", "to", "status", "partition"],
    describe: ({ key, value }) => {
      const [redirect] = describeRedirects(key, decoder.decode(value));
      if (redirect === undefined) return { from: "(damaged)" };
      const { url, location, status, partition } = redirect;
      // Queries may hold what is nobody else's to see.
      return { from: withoutQuery(url), to: withoutQuery(location), status: String(status), partition };
    },
    isAbout: ({ key, value }, host) =>
      describeRedirects(key, decoder.decode(value)).some(({ url, location, partition }) =>
        [url, URL.parse(location, url)?.href ?? "", partition].some((each) => isUrlOf(each, host)),
      ),
  },
  credentials: {
    holds: "names, passwords and tokens for servers and proxies (secret)",
    columns: ["server", "realm", "user", "scheme", "partition"],
    describe: ({ value }) => {
      const record = decodeCredentialRecord(decoder.decode(value));
      if (record === undefined) return { server: "(damaged)" };
      const { role, origin, realm, scheme, partition, credentials } = record;
      return {
        server: role === "proxy" ? `${origin} (proxy)` : origin,
        realm: Buffer.from(realm, "latin1").toString("utf8"),
        user: credentials.type === "password" ? credentials.username : `(${credentials.type})`,
        scheme,
        partition,
      };
    },
    isAbout: ({ value }, host) => {
      const record = decodeCredentialRecord(decoder.decode(value));
      return [record?.origin, record?.partition].some(
        (url) => url !== undefined && URL.parse(url)?.hostname === canonicalHost(host),
      );
    },
  },
  "tls-tickets": {
    holds: "what resumes TLS sessions (secret)",
    columns: ["certificate", "protocol", "key"],
    describe: ({ key, value }) => {
      const facts = sessionFacts(value);
      const certificate = certificateOf(facts?.peerCertificate);
      return { certificate: namesOf(certificate), protocol: facts?.version ?? "(damaged)", key };
    },
    // A ticket's key hides its host. Its certificate tells, at most of a neighbour with the same certificate too.
    isAbout: ({ value }, host) => {
      const certificate = certificateOf(sessionFacts(value)?.peerCertificate);
      const name = canonicalHost(host);
      return (certificate?.checkHost(name) ?? certificate?.checkIP(name)) !== undefined;
    },
  },
  "alt-svc": {
    holds: "where origins can be reached as well",
    columns: ["origin", "alternative", "partition"],
    describe: (record) => {
      const alternative = decodeAlternative(record.value);
      return {
        origin: originOf(record),
        alternative: alternative === undefined ? "(damaged)" : formatPeer(alternative.host, alternative.port),
        partition: partitionOf(record),
      };
    },
    isAbout: (record, host) => URL.parse(originOf(record))?.hostname === canonicalHost(host),
  },
  "certificate-exceptions": {
    holds: "certificates that are let in although verification refuses them",
    columns: ["certificate", "server"],
    describe: ({ key, value }) => ({ server: key, certificate: decoder.decode(value).replaceAll("\n", ", ") }),
    isAbout: ({ key }, host) =>
      key.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1") === (isIP(host) === 0 ? canonicalHost(host) : host),
  },
  "tls-intermediates": {
    holds: "certificates of authorities, for servers that forget to send them",
    columns: ["subject", "key"],
    describe: ({ key, value }) => ({ subject: subjectOf(certificateOf(value)), key }),
    // They say which authorities were met, and of no host that it was visited.
    isAbout: () => false,
  },
};

const unknownCollection: CollectionReader = {
  holds: "something that this version does not know",
  columns: ["key"],
  describe: ({ key }) => ({ key }),
  isAbout: () => false,
};

function describeCookie({ value }: StoreRecord): Readonly<Record<string, string>> {
  const cookie = decodeCookie(decoder.decode(value));
  if (cookie === undefined) return { name: "(damaged)" };
  const { name, domain, path, hostOnly, secureOnly, httpOnly, sameSite } = cookie;
  const flags = [
    secureOnly && "Secure",
    httpOnly && "HttpOnly",
    sameSite !== "Default" && `SameSite=${sameSite}`,
  ].filter((flag) => flag !== false);
  return { name, domain: hostOnly ? domain : `.${domain}`, path, flags: flags.join(" ") };
}

function isCookieOf({ value }: StoreRecord, host: string): boolean {
  return decodeCookie(decoder.decode(value))?.domain === canonicalHost(host);
}

/** The key of what belongs to a partition begins with it. */
function partitionOf({ key }: StoreRecord): string {
  return key.slice(0, Math.max(0, key.indexOf(" ")));
}

function originOf({ key }: StoreRecord): string {
  return key.slice(key.indexOf(" ") + 1);
}

/** A-labels in lower case without a trailing dot, as hosts are remembered; empty for what is no host. */
export function canonicalHost(host: string): string {
  return domainToASCII(host.replace(/\.$/, ""));
}

function certificateOf(der: Uint8Array | undefined): X509Certificate | undefined {
  try {
    return der === undefined ? undefined : new X509Certificate(der);
  } catch {
    return undefined;
  }
}

function subjectOf(certificate: X509Certificate | undefined): string {
  return certificate?.subject.split("\n").join(", ") ?? "(damaged)";
}

function namesOf(certificate: X509Certificate | undefined): string {
  const names = certificate?.subjectAltName?.split(", ").map((name) => name.replace(/^(?:DNS|IP Address):/, ""));
  return names?.join(", ") ?? certificate?.subject ?? "(none)";
}
