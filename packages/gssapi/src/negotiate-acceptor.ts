import { GssApi, type GssHandle } from "./gss-api.ts";
import { hasFailed, needsMore } from "./gss-error.ts";
import { cString, hasWrittenLayout, native, words } from "./native-bytes.ts";
import { mechanisms, objectIdentifiers } from "./object-identifiers.ts";

/** The key that a service has at the Kerberos server. */
export interface NegotiateAcceptorOptions {
  /** A file with the keys of the service. */
  readonly keytab: string;
  /** Whose key of those is used, `HTTP@host`; any of them where it is missing. */
  readonly service?: string | undefined;
  /** File or name of the library; by default `libgssapi_krb5.so.2`. */
  readonly library?: string | undefined;
}

/** What became of a client's token. */
export type Acceptance =
  | { readonly type: "done"; readonly token: Buffer /** `alice@REALM`. */; readonly principal: string }
  /** The client has to be sent this, and to answer. */
  | { readonly type: "more"; readonly token: Buffer }
  | { readonly type: "refused"; readonly reason: string };

/** The service's side of one conversation by SPNEGO. Closing it frees what the library keeps. */
export interface NegotiateAcceptance extends Disposable {
  /** Judges a token. It does not wait for anybody: all that it needs is in the keytab. */
  accept(token: Uint8Array): Acceptance;
}

const ACCEPT = 2;
const MAX_TOKEN_BYTES = 65_536;

/**
 * Begins the service's side of a login by Negotiate, by the system's GSS-API.
 *
 * @throws Error where the library or the keytab cannot be used; AuthenticationError where the key is not there.
 * @see RFC 4559 section 4; RFC 4178
 */
export function acceptNegotiate({ keytab, service, library }: NegotiateAcceptorOptions): NegotiateAcceptance {
  if (process.platform !== "linux" || !hasWrittenLayout()) throw new Error("only 64-bit Linux is supported");
  const gss = new GssApi(library ?? "libgssapi_krb5.so.2");
  const credentials = gss.credentials();
  const context = gss.context();
  acquire(gss, credentials, keytab, service);
  return {
    accept: (token) => {
      if (token.length > MAX_TOKEN_BYTES) return { type: "refused", reason: "a token of more than 64 KiB" };
      const [minor, output, name] = [words(0), words(0, 0), gss.name()];
      try {
        const input = words(token.length, native(token));
        const major = gss.functions.gss_accept_sec_context(
          ...[minor, context.cell, credentials.value, input, 0, name.cell, 0, output, 0, 0, 0],
        );
        const answer = gss.takeBuffer(output);
        if (hasFailed(major)) return { type: "refused", reason: gss.describe(major, minor) };
        return needsMore(major)
          ? { type: "more", token: answer }
          : { type: "done", token: answer, principal: gss.displayName(name) };
      } finally {
        name[Symbol.dispose]();
      }
    },
    [Symbol.dispose]: () => {
      context[Symbol.dispose]();
      credentials[Symbol.dispose]();
    },
  };
}

function acquire(gss: GssApi, credentials: GssHandle, keytab: string, service: string | undefined): void {
  using name = service === undefined ? undefined : gss.importName(service, objectIdentifiers.hostBasedService, service);
  const store = words(1, words(cString("keytab"), cString(keytab)));
  const minor = words(0);
  const major = gss.functions.gss_acquire_cred_from(
    ...[minor, name?.value ?? 0, 0, mechanisms.spnego, ACCEPT, store, credentials.cell, 0, 0],
  );
  gss.check(major, minor, service ?? keytab, "acquire");
}
