import { isSecretName } from "./secret-name.ts";

/** What stands where a secret was: the word that OpenTelemetry's conventions ask for in a URL. */
export const REDACTED = "REDACTED";

/** URLs within parameters of URLs within parameters. */
const DEPTH_LIMIT = 3;

/**
 * Takes user information and the values of secret parameters out of a URL, or out of a text that has URLs in it. The rest
 * stays as it was, byte for byte; of a `data:` URL its type. What is secret is told by {@link isSecretName}; a path that is one is not known as such.
 *
 * @example
 * redactUrls("https://me:pw@a.example/?page=2&access_token=x"); // https://REDACTED:REDACTED@a.example/?page=2&access_token=REDACTED
 */
export function redactUrls(text: string): string {
  // What such a URL holds is a body. RFC 2397.
  if (/^data:/i.test(text)) return text.slice(0, text.indexOf(",") + 1 || "data:".length) + REDACTED;
  return redactWithin(text, 0);
}

function redactWithin(text: string, depth: number): string {
  return redactParameters(redactUserInformation(text), depth);
}

/** It ends at the last `@` before the path, and the parser of URLs takes a backslash for a slash. URL Standard section 4.4. */
function redactUserInformation(text: string): string {
  if (!text.includes("@")) return text;
  return text.replace(/[^\\/?#]+/g, (segment: string, start: number) => {
    const at = segment.lastIndexOf("@");
    if (at === -1) return segment;
    const colon = segment.indexOf(":");
    const from = followsScheme(text, start) ? 0 : colon === -1 || colon > at ? at : colon + 1;
    return from === at ? segment : `${segment.slice(0, from)}${REDACTED}:${REDACTED}${segment.slice(at)}`;
  });
}

/** Whether what begins here is an authority: behind two slashes, or behind a colon and however many of them. */
function followsScheme(text: string, start: number): boolean {
  let slashes = 0;
  while (/[\\/]/.test(text.charAt(start - slashes - 1))) slashes += 1;
  return slashes >= 2 || text.charAt(start - slashes - 1) === ":";
}

/** Also those of a fragment, in which OAuth 2 hands over tokens, and of a path: `;jsessionid=`. */
function redactParameters(text: string, depth: number): string {
  const names = /[?&;#]([^=&;#?]*)=/g;
  let redacted = "";
  let done = 0;
  for (let match = names.exec(text); match !== null; match = names.exec(text)) {
    const { lastIndex: start } = names;
    // A secret may hold a semicolon, which other parameters may end with.
    const isSecret = isSecretName(decoded(match[1] ?? ""));
    const end = endOf(text, start, isSecret ? /[&#]/g : /[&#;?]/g);
    const value = text.slice(start, end);
    const replacement = isSecret ? REDACTED : redactNested(value, depth);
    if (replacement === value) continue;
    redacted += text.slice(done, start) + replacement;
    done = end;
    names.lastIndex = end;
  }
  return redacted + text.slice(done);
}

function redactNested(value: string, depth: number): string {
  if (!value.includes("%") || depth >= DEPTH_LIMIT) return value;
  const inner = decoded(value);
  const redacted = redactWithin(inner, depth + 1);
  return redacted === inner ? value : encodeURIComponent(redacted);
}

function endOf(text: string, start: number, stops: RegExp): number {
  stops.lastIndex = start;
  return stops.exec(text)?.index ?? text.length;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
