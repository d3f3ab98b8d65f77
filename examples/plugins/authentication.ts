import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { LeanResponse, type Plugin } from "@fairlead/server";

/** Who may come in. Keep passwords of people as hashes by `crypto.scrypt`; these are secrets of programs. */
export interface AuthenticationOptions {
  readonly realm: string;
  /** Names by their bearer token. RFC 6750. */
  readonly tokens?: Readonly<Record<string, string>>;
  /** Passwords by user name, for Basic. RFC 7617. */
  readonly passwords?: Readonly<Record<string, string>>;
}

const users = new WeakMap<Request, string>();

/** Who a request comes from, once the plug-in has let it pass. */
export function userOf(request: Request): string | undefined {
  return users.get(request);
}

/** Lets requests pass that show a secret, and answers all others with 401. RFC 9110 section 11.6. */
export function authentication({ realm, tokens = {}, passwords = {} }: AuthenticationOptions): Plugin {
  const key = randomBytes(32);
  // Of one length, and worthless to who measures how long comparing them takes.
  const digest = (secret: string): Buffer => createHmac("sha256", key).update(secret).digest();
  const known = [
    ...Object.entries(tokens).map(([token, name]) => [digest(`bearer:${token}`), name] as const),
    ...Object.entries(passwords).map(([name, password]) => [digest(`basic:${name}:${password}`), name] as const),
  ];
  const refusal = new LeanResponse("Unauthorized\n", {
    status: 401,
    fields: [
      "www-authenticate",
      `Bearer realm="${realm}"`,
      "www-authenticate",
      `Basic realm="${realm}", charset="UTF-8"`,
    ],
  });
  return {
    name: "authentication",
    request(request) {
      const shown = digest(shownSecret(request.headers.get("authorization") ?? ""));
      // All are compared, whichever it is.
      const names = known.filter(([secret]) => timingSafeEqual(secret, shown)).map(([, name]) => name);
      if (names[0] === undefined) return refusal;
      users.set(request, names[0]);
      return undefined;
    },
  };
}

function shownSecret(authorization: string): string {
  const [, scheme = "", credentials = ""] = /^([A-Za-z]+) +([\w\-.~+/]+=*)$/.exec(authorization) ?? [];
  if (scheme.toLowerCase() === "basic") return `basic:${Buffer.from(credentials, "base64").toString("utf8")}`;
  return `${scheme.toLowerCase()}:${credentials}`;
}
