import { AuthenticationError } from "@fairlead/core";
import type { GssApi, GssHandle } from "./gss-api.ts";
import { cString, native, words, type NativeBytes } from "./native-bytes.ts";
import type { NegotiateSubject } from "./negotiate-conversation.ts";
import { kerberosOnly, objectIdentifiers } from "./object-identifiers.ts";

const INITIATE = 1;

/**
 * Finds the user's ticket, or gets one by password or key from the Kerberos server.
 *
 * @param credentials where it is kept; also after a failure, to be released.
 *
 * @throws AuthenticationError
 */
export async function acquireCredentials(
  gss: GssApi,
  credentials: GssHandle,
  { user, service, options }: NegotiateSubject,
): Promise<void> {
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
  const minor = words(0);
  const nameValue = name?.value ?? 0;
  let major: number;
  if (user === undefined) {
    major = await gss.functions.gss_acquire_cred_from.away(
      minor,
      nameValue,
      0,
      kerberosOnly,
      INITIATE,
      credentialStore([
        ["ccache", options.cache],
        ["client_keytab", options.keytab],
      ]),
      credentials.cell,
      0,
      0,
    );
  } else {
    const password = native(Buffer.from(user.password));
    major = await gss.functions.gss_acquire_cred_with_password.away(
      minor,
      nameValue,
      words(Buffer.byteLength(user.password), password),
      0,
      kerberosOnly,
      INITIATE,
      credentials.cell,
      0,
      0,
    );
    password.bytes.fill(0);
  }
  gss.check(major, minor, service.host, "acquire");
}

/** A `gss_key_value_set_desc` of what is set; 0 for the defaults. */
function credentialStore(entries: readonly (readonly [key: string, value: string | undefined])[]): NativeBytes | 0 {
  const elements = entries.flatMap(([key, value]) => (value === undefined ? [] : [cString(key), cString(value)]));
  return elements.length === 0 ? 0 : words(elements.length / 2, words(...elements));
}
