import type { Challenge } from "./challenge.ts";

/** A name and its password, as the user typed them. */
export interface UserCredentials {
  readonly username: string;
  /** Never logged. */
  readonly password: string;
}

/**
 * Formats the credentials of the scheme Basic, in UTF-8; `undefined` when it cannot carry them: a colon in the name, or a
 * control character.
 *
 * @see RFC 7617 section 2
 */
export function basicCredentials({ username, password }: UserCredentials): string | undefined {
  if (username.includes(":") || hasControl(username) || hasControl(password)) return undefined;
  const bytes = new TextEncoder().encode(`${username.normalize("NFC")}:${password.normalize("NFC")}`);
  return `Basic ${base64(bytes)}`;
}

/**
 * Tells whether credentials that were accepted for one URL may be sent to another of the same origin without being asked:
 * it lies at or below the last folder of the first.
 *
 * @see RFC 7617 section 2.2
 */
export function isWithinBasicScope(authenticated: URL, next: URL): boolean {
  if (authenticated.origin !== next.origin) return false;
  const folder = authenticated.pathname.slice(0, authenticated.pathname.lastIndexOf("/") + 1);
  return next.pathname.startsWith(folder);
}

/** The realm that a challenge names; the empty one where it names none. RFC 9110 section 11.5. */
export function realmOf({ parameters }: Challenge): string {
  return parameters.get("realm") ?? "";
}

function hasControl(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return /[\x00-\x1f\x7f]/.test(text);
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** RFC 4648 section 4. */
function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const letters = [18, 12, 6, 0].map((shift) => alphabet.charAt((group >> shift) & 63)).join("");
    const missing = Math.max(0, at + 3 - bytes.length);
    text += letters.slice(0, 4 - missing) + "=".repeat(missing);
  }
  return text;
}
