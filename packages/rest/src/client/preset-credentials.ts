import type { AuthenticatedRequest, Refusal, RequestAuthenticator } from "@fairlead/access";
import { UsageError } from "@fairlead/core";

/** Where credentials are good. */
export interface CredentialOptions {
  /** As `https://api.example.com`; the origin of the client's `base` by default. Elsewhere they are never sent. */
  readonly origins?: readonly string[];
}

/**
 * Sends a token with each request, `Authorization: Bearer`. One that a function gives is asked for each time, and once more
 * when it was refused with 401.
 *
 * @throws UsageError OPTION_INVALID for what is no token, RFC 6750 section 2.1: at once, or as the outcome of a call where a
 * function gave it.
 * @example
 * const client = restClient({ base: "https://api.example.com/", authenticate: bearer(() => vault.read("token")) });
 */
export function bearer(
  token: string | (() => string | Promise<string>),
  options: CredentialOptions = {},
): RequestAuthenticator {
  if (typeof token === "function") return new PresetCredentials(async () => bearerField(await token()), options, true);
  const field = bearerField(token);
  return new PresetCredentials(() => field, options, false);
}

/**
 * Sends a name and a password with each request, `Authorization: Basic`, without waiting to be asked.
 *
 * @throws UsageError OPTION_INVALID for a name with a colon, and for control characters: RFC 7617 section 2.
 */
export function basic(username: string, password: string, options: CredentialOptions = {}): RequestAuthenticator {
  if (/[:\0-\x1f\x7f]/.test(username) || /[\0-\x1f\x7f]/.test(password)) {
    throw new UsageError("OPTION_INVALID", { detail: "the name or the password", remedy: "see RFC 7617 section 2" });
  }
  const field = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  return new PresetCredentials(() => field, options, false);
}

/** Credentials that an application has, whoever asks. */
export class PresetCredentials implements RequestAuthenticator {
  /** By itself, since nothing is known of who it stands for but the secret. */
  readonly identity = `credentials ${crypto.randomUUID()}`;
  readonly #field: () => string | Promise<string>;
  readonly #origins: ReadonlySet<string> | undefined;
  readonly #mayChange: boolean;

  constructor(field: () => string | Promise<string>, { origins }: CredentialOptions, mayChange: boolean) {
    this.#field = field;
    this.#origins = origins === undefined ? undefined : new Set(origins.map(requireOrigin));
    this.#mayChange = mayChange;
  }

  /** Whether it has no origins of its own, and is good for nobody until a client binds it. */
  get isUnbound(): boolean {
    return this.#origins === undefined;
  }

  covers(url: URL): boolean {
    return this.#origins?.has(url.origin) ?? false;
  }

  authenticate(): readonly string[] | Promise<readonly string[]> {
    const field = this.#field();
    return typeof field === "string" ? ["authorization", field] : field.then((value) => ["authorization", value]);
  }

  refused(_request: AuthenticatedRequest, { status, refusedBefore }: Refusal): boolean {
    return this.#mayChange && status === 401 && refusedBefore === 0;
  }
}

function bearerField(token: string): string {
  if (/^[\w.~+/-]+=*$/.test(token)) return `Bearer ${token}`;
  const remedy =
    token === "" ? "it is empty: see where it comes from" : "give it alone, without 'Bearer', spaces and line breaks";
  throw new UsageError("OPTION_INVALID", { detail: "the token", remedy });
}

function requireOrigin(text: string): string {
  const url = URL.parse(text);
  if (url?.pathname === "/" && url.search === "" && url.hash === "" && url.origin !== "null") return url.origin;
  throw new UsageError("OPTION_INVALID", {
    detail: "origins",
    remedy: "give origins, such as https://api.example.com",
  });
}
