import { readCertificates } from "../certificates/read-certificates.ts";
import type { Certificate } from "../certificates/path/protocol/certificate.ts";
import { anchorsIn } from "../verdict/trusted-anchors.ts";
import { type FetchIssuer, httpIssuerFetcher } from "./fetch-issuer.ts";
import { type IntermediateMemory, subjectHash } from "./intermediate-memory.ts";

/** Where the issuers are found that a server does not send. None of them is a trust anchor. */
export interface TlsIntermediates {
  /** Asked first: those of earlier connections. It learns from this one if it is verified. */
  readonly memory?: IntermediateMemory | undefined;
  /** Asked next: PEM. A frozen list is read once. */
  readonly preloaded?: readonly string[] | undefined;
  /**
   * Asked last, and only when this is true: the URL in the certificate. Whoever runs it learns who is visited, and
   * whoever serves the certificate chooses it. RFC 5280 section 4.2.2.1.
   */
  readonly fetchMissing?: boolean | undefined;
  /** Fetches; over plain HTTP, from public addresses only, unless given. */
  readonly fetchIssuer?: FetchIssuer | undefined;
  /** Told where the issuer came from that a verified path needed beyond the chain as sent. Must not throw. */
  readonly onRepaired?: ((from: IssuerSourceName) => void) | undefined;
}

/** One place where issuers are looked for. */
export interface IssuerSource {
  readonly name: IssuerSourceName;
  /** Certificates that may have issued the child, DER. Rejects only when the signal fires. */
  find(child: Certificate): Promise<readonly Uint8Array[]>;
}

/** Where the issuer came from that a path was missing. */
export type IssuerSourceName = "learned" | "preloaded" | "fetched";

/** The places that the options allow, the most private first. Made anew for each connection: fetches are counted. */
export function issuerSources(options: TlsIntermediates, signal: AbortSignal): readonly IssuerSource[] {
  const { memory, preloaded, fetchMissing = false, fetchIssuer } = options;
  return [
    ...(memory === undefined ? [] : [learned(memory)]),
    ...(preloaded === undefined ? [] : [given(preloaded)]),
    ...(fetchMissing ? [fetched(fetchIssuer ?? httpIssuerFetcher(), signal)] : []),
  ];
}

function learned(memory: IntermediateMemory): IssuerSource {
  return {
    name: "learned",
    async find({ issuer }) {
      try {
        return (await memory.find(subjectHash(issuer))).slice(0, maxFound);
      } catch {
        // A memory that fails repairs nothing; the verdict stands without it.
        return [];
      }
    },
  };
}

function given(preloaded: readonly string[]): IssuerSource {
  return {
    name: "preloaded",
    find: async ({ issuer }) =>
      Promise.resolve(
        anchorsIn(preloaded)
          .named(issuer)
          .slice(0, maxFound)
          .map(({ der }) => der),
      ),
  };
}

function fetched(fetchIssuer: FetchIssuer, signal: AbortSignal): IssuerSource {
  const visited = new Set<string>();
  return {
    name: "fetched",
    async find(child) {
      for (const text of (child.extensions.authorityInfoAccess?.issuers ?? []).slice(0, maxUrlsOfCertificate)) {
        const url = issuerUrl(text);
        // Whoever issues in a circle is asked once.
        if (url === undefined || visited.has(url.href) || visited.size >= maxUrls) continue;
        visited.add(url.href);
        const found = await fetchOne(fetchIssuer, url, signal);
        if (found.length > 0) return found.slice(0, maxFound);
      }
      return [];
    },
  };
}

async function fetchOne(fetchIssuer: FetchIssuer, url: URL, signal: AbortSignal): Promise<readonly Uint8Array[]> {
  try {
    return readCertificates(await fetchIssuer(url, signal));
  } catch {
    signal.throwIfAborted();
    // What cannot be fetched or read is missing still, and that is what is reported.
    return [];
  }
}

/** Over https, the issuer's own certificate could be missing in turn; anything else is nobody's business to be read. */
function issuerUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  return url?.protocol === "http:" && url.username === "" && url.password === "" ? url : undefined;
}

/** As Chromium has it. */
const maxUrlsOfCertificate = 5;
const maxUrls = 10;
const maxFound = 16;
