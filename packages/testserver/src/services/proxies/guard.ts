import type { IncomingMessage } from "node:http";

/** Whether a proxy serves a request. */
export type Admission =
  | { readonly type: "admitted" }
  /** `challenges` are the values of Proxy-Authenticate; `closes` ends the connection with the answer. */
  | { readonly type: "challenged"; readonly challenges: readonly string[]; readonly closes?: boolean };

/** Looks at the credentials of a request to a proxy. */
export type ProxyGuard = (request: IncomingMessage) => Admission;

/** Who may use the proxies that ask. It is no secret: services say so in their lines. */
export const proxyUser = { username: "user", password: "secret" } as const;

/** Lets pass who sends the right name and password in the clear. RFC 7617. */
export function guardByBasic(challenges: readonly string[] = ['Basic realm="proxy", charset="UTF-8"']): ProxyGuard {
  const expected = Buffer.from(`${proxyUser.username}:${proxyUser.password}`).toString("base64");
  return guardByField((field) => /^basic +([\w+/]+=*)$/i.exec(field)?.[1] === expected, challenges);
}

/** Lets pass who bears the token. RFC 6750. */
export function guardByBearer(): ProxyGuard {
  return guardByField(
    (field) => /^bearer +([\w.~+/-]+=*)$/i.exec(field)?.[1] === proxyUser.password,
    ['Bearer realm="proxy"'],
  );
}

/** Lets nobody pass. */
export function guardAgainstAll(...challenges: readonly string[]): ProxyGuard {
  return () => ({ type: "challenged", challenges });
}

/** Lets those pass whom `guard` lets pass, and ends the connections of those whom it does not. */
export function closing(guard: ProxyGuard): ProxyGuard {
  return (request) => ({ ...guard(request), closes: true });
}

function guardByField(isRight: (field: string) => boolean, challenges: readonly string[]): ProxyGuard {
  return ({ headers }) =>
    isRight(headers["proxy-authorization"] ?? "") ? { type: "admitted" } : { type: "challenged", challenges };
}
