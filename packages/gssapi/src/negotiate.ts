import { AuthenticationError } from "@fairlead/core";
import type { ConnectionBoundScheme } from "@fairlead/http/authentication";
import { GssApi } from "./gss-api.ts";
import { hasWrittenLayout } from "./native-bytes.ts";
import { NegotiateConversation, type NegotiateLibrary } from "./negotiate-conversation.ts";
import type { NegotiateOptions } from "./options.ts";
import { Turns } from "./turns.ts";

/**
 * Makes the scheme Negotiate: Kerberos tickets by the system's GSS-API, which is loaded when the scheme is first looked at.
 * Where it is missing, `unavailable()` says so, with the command that installs it.
 *
 * The user's own ticket is used, or one that is got with the user name and the password that are given.
 *
 * @see RFC 4559
 */
export function negotiate(options: NegotiateOptions = {}): ConnectionBoundScheme {
  const path = options.library ?? "libgssapi_krb5.so.2";
  return {
    name: "Negotiate",
    hasOwnCredentials: true,
    unavailable: () => {
      const library = load(path);
      return library instanceof AuthenticationError ? library : undefined;
    },
    open: (user, service) => {
      const library = load(path);
      if (library instanceof AuthenticationError) throw library;
      return new NegotiateConversation(library, { user, service, options });
    },
  };
}

/**
 * Calls of the library at the same time: each may wait half a minute for a Kerberos server that is silent, on one of the
 * runtime's four threads, which look up host names, too.
 */
const CALLS_AT_ONCE = 2;

/** Libraries stay loaded for as long as the process runs. */
const loaded = new Map<string, NegotiateLibrary | AuthenticationError>();

function load(path: string): NegotiateLibrary | AuthenticationError {
  const known = loaded.get(path);
  if (known !== undefined) return known;
  const library = tryToLoad(path);
  loaded.set(path, library);
  return library;
}

function tryToLoad(path: string): NegotiateLibrary | AuthenticationError {
  try {
    if (process.platform !== "linux" || !hasWrittenLayout()) throw new Error("only 64-bit Linux is supported");
    return { gss: new GssApi(path), turns: new Turns(CALLS_AT_ONCE) };
  } catch (cause) {
    return new AuthenticationError("GSSAPI_UNAVAILABLE", {
      operation: "load",
      detail: `${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      remedy:
        "install it (apt-get install libgssapi-krb5-2, or your distribution's package krb5), or use another scheme",
      cause,
    });
  }
}
