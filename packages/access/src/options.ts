import type { CertificateProblem, TlsError } from "@fairlead/core";
import type { RedirectPolicy } from "@fairlead/http/redirects";
import type { OnAuthenticate } from "./authentication/question.ts";
import type { AuthenticatorOption } from "./authentication/request-authenticators.ts";
import type { AuthenticationSettings } from "./authentication/settings.ts";
import type { CacheSettings } from "./cache/options.ts";
import type { ConnectivitySettings } from "./connectivity/options.ts";
import type { ContentExpansion } from "./content-expansion.ts";
import type { Http2Settings } from "./pool/h2/options.ts";
import type { ClientIdentity } from "./agreement/connection-terms.ts";
import type {
  FetchIssuer,
  KeyType,
  TlsIntermediates,
  TlsBackend,
  TlsCipher,
  TlsDangerousOptions,
  TlsGroup,
  StapleVerdict,
  TlsIdentity,
  TlsTrust,
  TlsVersion,
} from "@fairlead/tls";
import type { RetryOption } from "./retry-option.ts";
import type { NameCache } from "./names/name-cache.ts";
import type { NameSettings } from "./names/options.ts";
import type { RouteSettings, TcpSettings } from "./route/options.ts";
import type { SchemeHandler } from "./schemes/handler.ts";
import type { StoreOption } from "./store-option.ts";
import type { ProxyAuthentication } from "./route/proxy-authentication.ts";
import type { Timeouts } from "./timeouts.ts";

export { DEFAULT_TIMEOUTS, type Timeouts } from "./timeouts.ts";

/** One redirect that waits for the application's word. */
export interface RedirectQuestion {
  readonly from: URL;
  readonly to: URL;
  readonly status: number;
  readonly method: string;
  readonly crossesOrigin: boolean;
  /** From https to http. */
  readonly isLessSafe: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Answers for one redirect; only its own request waits. A rejection ends the request with that error. */
export type OnRedirect = (question: RedirectQuestion) => boolean | Promise<boolean>;

/** A server that wants to know who the client is. */
export interface ClientCertificateQuestion {
  /** `https://host` or `https://host:port`: the answer is for it alone. */
  readonly origin: string;
  /** The top-level site on whose behalf it is asked, `https://news.example`, for which alone the answer is; empty for none. */
  readonly partition: string;
  /** Names of authorities that the server trusts, DER; empty when it, or the TLS backend, does not say. */
  readonly authorities: readonly Uint8Array[];
  /** Kinds of keys that it takes; empty when it, or the TLS backend, does not say. */
  readonly keyTypes: readonly KeyType[];
  /**
   * The identity that was chosen for the same server and authorities with `remember: "store"`, maybe by an earlier process:
   * its `identityFingerprint` (of @fairlead/tls). Whoever has that identity answers with it without asking a person again.
   */
  readonly chosenBefore: string | undefined;
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** Who the client is to one origin. */
export type ClientCertificateAnswer =
  | {
      readonly type: "identity";
      readonly identity: TlsIdentity;
      /**
       * Whether later requests to this origin get the same answer, for as long as the manager lives; not by default. `store`
       * has the next manager told which identity it was (`chosenBefore`); the private key is never stored.
       */
      readonly remember?: boolean | "store";
    }
  /** Goes on without a certificate, where the server lets it. `store` holds over restarts: nobody is asked again. */
  | { readonly type: "none"; readonly remember?: boolean | "store" }
  /** Ends the requests that wait with PolicyError CLIENT_CERTIFICATE_DECLINED. */
  | { readonly type: "abort" };

/**
 * Answers a server that wants a client certificate. Asked once for an origin, whatever number of requests wait; others do
 * not. A rejection ends those that wait with that error.
 */
export type OnClientCertificate = (
  question: ClientCertificateQuestion,
) => ClientCertificateAnswer | Promise<ClientCertificateAnswer>;

/** A server whose certificates are refused. */
export interface CertificateErrorQuestion {
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  /** What the requests fail with if the answer is to refuse. */
  readonly error: TlsError;
  /** All that is wrong, those of the leaf first. */
  readonly problems: readonly CertificateProblem[];
  /** As sent, leaf first, DER. */
  readonly chain: readonly Uint8Array[];
  /** What verification made of the OCSP response that was stapled; `undefined` where nobody looked at one. */
  readonly staple: StapleVerdict | undefined;
  /** SHA-256 of the leaf in hexadecimal: what an exception is for. */
  readonly fingerprint: string;
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** Whether a server is let in all the same. */
export type CertificateErrorAnswer =
  | { readonly type: "refuse" }
  | {
      readonly type: "accept";
      /**
       * Whether this certificate is let in for this host and port from now on, over restarts: for a time, or for good; not
       * by default. It is for the kinds of problems that were asked about: with another one the same certificate is asked
       * about again.
       */
      readonly remember?: boolean | { readonly milliseconds: number };
    };

/**
 * Answers for a server whose certificates are refused. Asked once for all requests that wait; others do not. A rejection
 * ends those that wait with that error.
 */
export type OnCertificateError = (
  question: CertificateErrorQuestion,
) => CertificateErrorAnswer | Promise<CertificateErrorAnswer>;

/** Where issuers are found that a server forgot to send. None of them is ever a trust anchor. */
export interface IntermediateSettings {
  /** Whether those of verified connections are kept, over restarts, and used; true by default. */
  readonly remember?: boolean;
  /** PEM. */
  readonly preloaded?: readonly string[];
  /**
   * Whether they are fetched, over plain HTTP, from the URL that the certificate names; false by default. Whoever serves
   * that URL learns who is visited. RFC 5280 section 4.2.2.1.
   */
  readonly fetchMissing?: boolean;
  /** Fetches in place of our own client, which talks to public addresses only. */
  readonly fetchIssuer?: FetchIssuer;
}

/** How TLS is done, for all connections of a manager. */
export interface TlsSettings {
  /** `node:tls` by default. One that cannot honour an option is refused. */
  readonly backend?: TlsBackend;
  /**
   * Candidates instead: the first that can do all that the options need. A function is asked for its backend only when
   * its turn comes, and passed over when its library is not there: `[() => loadGnutlsTls(), nodeTls]`.
   */
  readonly backends?: readonly (TlsBackend | (() => TlsBackend | Promise<TlsBackend>))[];
  /**
   * What secures datagrams, where the backend of streams cannot: `node:tls` has none. A function is asked when the first are
   * to be secured: `() => loadOpensslTls()`.
   */
  readonly datagrams?: TlsBackend | (() => TlsBackend | Promise<TlsBackend>);
  /** What the runtime trusts, by default. */
  readonly trust?: TlsTrust;
  /** Who the client is, to every origin that asks. See `onClientCertificate` to decide for each. */
  readonly identity?: TlsIdentity;
  readonly intermediates?: IntermediateSettings;
  /**
   * Whether requests may go as early data where nothing is said: safe methods without a body, on connections that resume
   * a session (RFC 8470); false by default.
   */
  readonly earlyData?: boolean;
  /** TLSv1.2 by default. */
  readonly minVersion?: TlsVersion;
  /** TLSv1.3 by default. */
  readonly maxVersion?: TlsVersion;
  /**
   * Key exchange groups of streams, the preferred first; the library's own choice by default. Connections fail where
   * the backend, or the other side, has none of them: `capabilities()` tell what the backend has.
   */
  readonly groups?: readonly TlsGroup[];
  /** What may encrypt records of streams, the preferred first; the library's own choice by default. As for `groups`. */
  readonly ciphers?: readonly TlsCipher[];
  /**
   * Has no effect on a known HSTS host (RFC 6797 section 8.4). Tickets and HSTS are not learned from such connections,
   * and the manager's cookies stay in its memory, apart from the store's.
   */
  readonly dangerous?: TlsDangerousOptions;
}

/** Which hosts are known to want https, beside those that have said so. */
export interface HstsSettings {
  /**
   * Whether the preload list of browsers counts, too; true by default. It speaks for names of the public DNS alone, and what
   * a host itself says over TLS stands in its place, `max-age=0` included.
   */
  readonly preload?: boolean;
}

/** What a manager is opened with. */
export interface NetworkAccessManagerOptions extends RouteSettings, NameSettings {
  /**
   * What it remembers, and where: a URL (`memory:`, `file:PATH`, `sqlite:PATH`, `redis://HOST`), alone or with options
   * such as `key`, which encrypts what is at rest, for a store that the manager opens and closes; or an open store, which
   * stays its owner's. `memory:` by default.
   */
  readonly store?: StoreOption;
  readonly tls?: TlsSettings;
  readonly tcp?: TcpSettings;
  readonly hsts?: HstsSettings;
  /** Which redirects are followed; `no-less-safe` by default. */
  readonly redirect?: RedirectPolicy;
  /** Asked for each redirect under the policy `ask`. */
  readonly onRedirect?: OnRedirect;
  /** Asked when a server wants a client certificate; not where `tls.identity` is given. */
  readonly onClientCertificate?: OnClientCertificate;
  /**
   * Asked when a server's certificates are refused; never for a known HSTS host (RFC 6797 section 8.4). Without it no
   * exception is made, remembered or not. From a server that it lets in no tickets and no HSTS are learned, and its
   * cookies stay in the manager's memory, apart from the others.
   */
  readonly onCertificateError?: OnCertificateError;
  /**
   * Asked when a server or proxy wants to know who the client is. Without it their 401 and 407 are the response, and nothing
   * that was remembered is sent.
   */
  readonly onAuthenticate?: OnAuthenticate;
  /**
   * Says who the client is without being asked, as by the tokens of OAuth; of several the first that covers a URL. One that
   * needs the manager itself is given to `addAuthenticator`.
   */
  readonly authenticator?: AuthenticatorOption;
  readonly authentication?: AuthenticationSettings;
  /** Names of further request fields that do not follow to another origin. */
  readonly originBoundFields?: readonly string[];
  /** Whether cookies are sent and kept; true by default. */
  readonly cookies?: boolean;
  /**
   * When a request is made again after it failed; never by default. `{}` takes the defaults of `RetryPolicy`: up to three
   * attempts of an idempotent method, within a tenth of the requests to an origin.
   */
  readonly retry?: RetryOption;
  /** What responses are kept and used again; those of one user by default, in memory. `false` for none. */
  readonly cache?: CacheSettings | false;
  /** How `connectivity` finds out whether there is an internet; by the addresses of this machine alone by default. */
  readonly connectivity?: ConnectivitySettings;
  /**
   * What answers for URLs of further schemes, as `file:` and `sftp:`; none by default, and `data:` always. No redirect leads
   * to them.
   */
  readonly schemes?: readonly SchemeHandler[];
  readonly timeouts?: Partial<Timeouts>;
  /** Whether HTTP/2 is spoken with servers that do, and how; true by default. */
  readonly http2?: boolean | Http2Settings;
  /** Connections to one origin at the most; 128 by default. Further requests wait. */
  readonly connectionsPerOrigin?: number;
  /** Bytes that a body read whole may have, decoded; 64 MiB by default. */
  readonly bodyLimitBytes?: number;
  /**
   * How far a body may grow while its content codings are undone, before it is refused as a decompression bomb; from 10 MiB
   * on no more than 200 to 1 by default.
   */
  readonly contentExpansion?: ContentExpansion;
  /** Milliseconds since the epoch; `Date.now` by default. */
  readonly now?: () => number;
}

/** What a new connection is made with. */
export interface ConnectSettings {
  readonly backend: TlsBackend;
  /** Why it is this one. */
  readonly backendReason: string;
  readonly trust: TlsTrust;
  /** Without what is told of one connection. */
  readonly intermediates: TlsIntermediates;
  /** Who the client is where the terms of a connection do not say. */
  readonly identity: ClientIdentity | undefined;
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  readonly groups: readonly TlsGroup[] | undefined;
  readonly ciphers: readonly TlsCipher[] | undefined;
  readonly onKeyLog: TlsDangerousOptions["onKeyLog"];
  readonly names: NameCache;
  readonly tcp: TcpSettings;
  /** Tells proxies who asks. */
  readonly proxyAuthentication: ProxyAuthentication;
  readonly timeouts: Timeouts;
  /** Gives a new connection its number, from 1. */
  readonly countConnection: () => number;
}
