import { AuthenticationError } from "@fairlead/core";
import type { GssApi, GssHandle } from "./gss-api.ts";
import { cString, native, words, type NativeBytes } from "./native-bytes.ts";
import type { NegotiateSubject } from "./negotiate-subject.ts";
import { mechanisms, objectIdentifiers } from "./object-identifiers.ts";

const INITIATE = 1;

/**
 * Finds the user's ticket, or gets one by password or key from the Kerberos server.
 *
 * Twice: once for Kerberos, whose failures have names, and once for SPNEGO, which hides them, and takes other mechanisms
 * where Kerberos fails. It must be SPNEGO's in the end: for credentials of Kerberos alone it silently takes the default
 * user's instead.
 *
 * @param credentials where they are kept; also after a failure, to be released.
 *
 * @throws AuthenticationError
 */
export async function acquireCredentials(
  gss: GssApi,
  credentials: GssHandle,
  subject: NegotiateSubject,
): Promise<void> {
  const { user, service, options } = subject;
  const principal = user?.username ?? options.principal;
  if (principal?.includes("\\") === true) {
    throw new AuthenticationError("KERBEROS_USER_UNKNOWN", {
      peer: service.host,
      operation: "authenticate",
      detail: "a name with a backslash is none of Kerberos",
      remedy: "give it as name@REALM",
    });
  }
  using name =
    principal === undefined ? undefined : gss.importName(principal, objectIdentifiers.principal, service.host);
  using ofKerberos = gss.credentials();
  await acquire(gss, ofKerberos, mechanisms.krb5, name?.value ?? 0, subject);
  await acquire(gss, credentials, mechanisms.spnego, name?.value ?? 0, subject);
  const minor = words(0);
  gss.check(gss.functions.gss_set_neg_mechs(minor, credentials.value, mechanisms.krb5), minor, service.host, "acquire");
}

async function acquire(
  gss: GssApi,
  { cell }: GssHandle,
  mechanism: NativeBytes,
  name: number,
  { user, service, options }: NegotiateSubject,
): Promise<void> {
  const { gss_acquire_cred_from: find, gss_acquire_cred_with_password: ask } = gss.functions;
  const minor = words(0);
  let major: number;
  if (user === undefined) {
    const store = credentialStore([
      ["ccache", options.cache],
      ["client_keytab", options.keytab],
    ]);
    major = await find.away(minor, name, 0, mechanism, INITIATE, store, cell, 0, 0);
  } else {
    const password = native(Buffer.from(user.password));
    const buffer = words(Buffer.byteLength(user.password), password);
    major = await ask.away(minor, name, buffer, 0, mechanism, INITIATE, cell, 0, 0);
    password.bytes.fill(0);
  }
  gss.check(major, minor, service.host, "acquire");
}

/** A `gss_key_value_set_desc` of what is set; 0 for the defaults. */
function credentialStore(entries: readonly (readonly [key: string, value: string | undefined])[]): NativeBytes | 0 {
  const elements = entries.flatMap(([key, value]) => (value === undefined ? [] : [cString(key), cString(value)]));
  return elements.length === 0 ? 0 : words(elements.length / 2, words(...elements));
}
