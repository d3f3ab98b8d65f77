import { parseSetCookie } from "@fairlead/http/cookies";
import { REDACTED, redactField, redactUrls } from "@fairlead/http/redaction";
import type { HarCookie, HarPair } from "./har.ts";

/** Shows fields, cookies and URLs, with what is secret in them or without. */
export interface Shower {
  url(url: string): string;
  fields(fields: readonly (readonly [name: string, value: string])[]): readonly HarPair[];
  /** Of `Cookie` fields. */
  cookies(values: readonly string[]): readonly HarCookie[];
  /** Of `Set-Cookie` fields. @param now milliseconds since the epoch, from which `Max-Age` counts. */
  setCookies(values: readonly string[], now: number): readonly HarCookie[];
}

/** @param showsSecrets `false` for all that may be looked at by others. */
export function showerOf(showsSecrets: boolean): Shower {
  const secret = (value: string): string => (showsSecrets ? value : REDACTED);
  return {
    url: (url) => (showsSecrets ? url : redactUrls(url)),
    fields: (fields) =>
      fields.map(([name, value]) => ({ name, value: showsSecrets ? value : redactField(name, value) })),
    cookies: (values) =>
      values
        .flatMap((value) => value.split(";"))
        .map((pair) => {
          const equals = pair.indexOf("=");
          return { name: pair.slice(0, Math.max(0, equals)).trim(), value: secret(pair.slice(equals + 1).trim()) };
        }),
    setCookies: (values, now) => values.flatMap((value) => setCookie(value, now, secret)),
  };
}

function setCookie(fieldValue: string, now: number, secret: (value: string) => string): readonly HarCookie[] {
  const parsed = parseSetCookie(fieldValue);
  if (parsed.type === "ignore") return [];
  const { name, value, path, domain, maxAge, expires, httpOnly, secure } = parsed.cookie;
  const expiry = maxAge === undefined ? expires : now + maxAge * 1000;
  const date = expiry === undefined ? undefined : new Date(expiry);
  return [
    {
      name,
      value: secret(value),
      ...(path !== undefined && path !== "" && { path }),
      ...(domain !== "" && { domain }),
      ...(date !== undefined && !Number.isNaN(date.getTime()) && { expires: date.toISOString() }),
      httpOnly,
      secure,
    },
  ];
}
