import { defaultManager, type NetworkAccessManager, type RequestOptions } from "@fairlead/access";
import { UsageError } from "@fairlead/core";
import { bindAuthenticator, bindQuestions } from "./bound-authenticator.ts";
import { fieldRecord, type FieldRecord } from "./field-record.ts";
import type { RestClientOptions } from "./options.ts";
import { PresetCredentials } from "./preset-credentials.ts";
import { parseBase, type Base } from "./protocol/address.ts";

/** What all calls of a client have in common, read once. */
export interface ClientTerms {
  readonly options: RestClientOptions;
  readonly base: Base | undefined;
  /** By lower-case name. */
  readonly fields: FieldRecord;
  readonly fieldNames: readonly string[];
  readonly authentication: Authentication;
  /** A promise only until the default manager is there. */
  manager: NetworkAccessManager | Promise<NetworkAccessManager> | undefined;
}

/** Who says who the client is. */
export type Authentication = Pick<RequestOptions, "authenticator" | "onAuthenticate">;

/** @throws UsageError OPTION_INVALID */
export function clientTerms(options: RestClientOptions): ClientTerms {
  const base = options.base === undefined ? undefined : parseBase(options.base);
  const fields = fieldRecord(options.headers);
  return {
    options,
    base,
    fields,
    fieldNames: Object.keys(fields),
    authentication: authenticationOf(options.authenticate, base?.origin),
    manager: options.manager,
  };
}

/**
 * The terms of a client that differs from another one. Fields and credentials of the other stay behind where the base gets
 * another origin: they are not for that.
 *
 * @throws UsageError OPTION_INVALID
 */
export function changedTerms({ options, base, fields }: ClientTerms, changes: RestClientOptions): ClientTerms {
  if (changes.base === undefined) return clientTerms(merged(options, fields, changes));
  const newBase = base === undefined ? changes.base : (URL.parse(String(changes.base), base.directory) ?? changes.base);
  if (base === undefined || parseBase(newBase).origin === base.origin) {
    return clientTerms({ ...merged(options, fields, changes), base: newBase });
  }
  const kept: { -readonly [Name in keyof RestClientOptions]: RestClientOptions[Name] } = { ...options };
  delete kept.headers;
  delete kept.authenticate;
  return clientTerms({ ...kept, ...changes, base: newBase });
}

function merged(options: RestClientOptions, fields: FieldRecord, changes: RestClientOptions): RestClientOptions {
  return { ...options, ...changes, headers: { ...fields, ...fieldRecord(changes.headers) } };
}

/**
 * Keeps who says who the client is to an origin, where there is one.
 *
 * @throws UsageError OPTION_INVALID for credentials that are good for no origin.
 */
export function authenticationOf(
  authenticate: RestClientOptions["authenticate"],
  origin: string | undefined,
): Authentication {
  if (authenticate === undefined) return {};
  if (typeof authenticate === "function") {
    return { onAuthenticate: origin === undefined ? authenticate : bindQuestions(authenticate, origin) };
  }
  if (origin !== undefined) return { authenticator: bindAuthenticator(authenticate, origin) };
  if (authenticate instanceof PresetCredentials && authenticate.isUnbound) {
    const remedy = "give the client a base, or the credentials their origins";
    throw new UsageError("OPTION_INVALID", { detail: "authenticate", remedy });
  }
  return { authenticator: authenticate };
}

/** What asks. The default manager is opened with the first call. */
export function managerOf(terms: ClientTerms): NetworkAccessManager | Promise<NetworkAccessManager> {
  return (terms.manager ??= defaultManager().then((manager) => (terms.manager = manager)));
}
