import { endpointFamily, type EndpointFamily } from "../endpoint.ts";
import type { Exchange } from "../exchange.ts";
import { basicUser, isSame, parseCredentials } from "./credentials.ts";
import { digestEndpoint } from "./digest.ts";
import { negotiateEndpoint } from "./negotiate.ts";
import { ntlmEndpoint } from "./ntlm.ts";

/** Logins by each scheme that clients know. */
export const authenticationFamily: EndpointFamily = endpointFamily(
  "authentication",
  "ask for a login (RFC 9110 section 11)",
  [
    {
      path: "/auth/basic/:user/:password?realm=TEXT",
      does: "asks for Basic in UTF-8 (RFC 7617) with this name and password",
      example: "/auth/basic/user/secret",
      handle: (exchange) => {
        const user = basicUser(exchange.request.headers.authorization);
        const [username, password] = [exchange.text("user"), exchange.text("password")];
        if (user !== undefined && isSame(user.username, username) && isSame(user.password, password)) {
          exchange.sendJson({ authenticated: true, user: username });
        } else {
          const realm = exchange.text("realm", "fairlead test").replace(/["\\]/g, "\\$&");
          const written = Buffer.from(realm).toString("latin1");
          exchange.sendLine(401, "log in", { "www-authenticate": `Basic realm="${written}", charset="UTF-8"` });
        }
      },
    },
    digestEndpoint,
    {
      path: "/auth/bearer/:token?scope=TEXT&lacks=no",
      does: "asks for this bearer token and says what is wrong with another: each error code of RFC 6750",
      example: "/auth/bearer/abc?scope=read",
      handle: askForBearer,
    },
    ntlmEndpoint,
    negotiateEndpoint,
    {
      path: "/auth/several/:user/:password",
      does: "offers schemes that nobody knows, Bearer and Basic, in fields and lists, and takes Basic",
      example: "/auth/several/user/secret",
      handle: (exchange) => {
        const user = basicUser(exchange.request.headers.authorization);
        if (user?.username === exchange.text("user") && isSame(user.password, exchange.text("password"))) {
          exchange.sendJson({ authenticated: true, user: user.username });
        } else {
          exchange.sendLine(401, "log in", {
            "www-authenticate": [
              'Newauth realm="apps", type=1, title="Login to \\"apps\\"", Bearer',
              'Token68 YWJj==, , Basic realm="a, b", charset="UTF-8"',
              "Nothing",
            ],
          });
        }
      },
    },
    {
      path: "/auth/silent",
      does: "answers with 401 and no challenge at all, which servers must not",
      example: "/auth/silent",
      handle: (exchange) => exchange.sendLine(401, "no"),
    },
  ],
);

/** RFC 6750 section 3.1. */
function askForBearer(exchange: Exchange): void {
  const { authorization } = exchange.request.headers;
  const { scheme, token68 } = parseCredentials(authorization) ?? {};
  const refuse = (status: number, ...parameters: readonly string[]): void => {
    const all = ['realm="fairlead test"', ...parameters].join(", ");
    exchange.sendLine(status, parameters[0] ?? "log in", { "www-authenticate": `Bearer ${all}` });
  };
  const scope = exchange.text("scope", "read").replace(/[^\x21\x23-\x5b\x5d-\x7e ]/g, "");
  if (scheme !== "bearer") refuse(401);
  else if (token68 === undefined) refuse(400, 'error="invalid_request"', 'error_description="there is no token"');
  else if (!isSame(token68, exchange.text("token"))) refuse(401, 'error="invalid_token"');
  else if (exchange.text("lacks", "no") === "yes") refuse(403, 'error="insufficient_scope"', `scope="${scope}"`);
  else exchange.sendJson({ authenticated: true, token: token68, scope });
}
