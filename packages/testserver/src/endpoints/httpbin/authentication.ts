import { createHash, randomBytes } from "node:crypto";
import { basicUser, isSame, parseCredentials } from "../authentication/credentials.ts";
import { type DigestParameters, isDigestProof } from "../authentication/digest-proof.ts";
import type { EndpointFamily } from "../endpoint.ts";
import type { Exchange } from "../exchange.ts";
import { anyMethod, httpbinFamily, type HttpbinRoute } from "./httpbin-route.ts";

const algorithms: Readonly<Record<string, string>> = { MD5: "md5", "SHA-256": "sha256", "SHA-512": "sha512" };

const digestLines: Readonly<Record<string, string>> = {
  "": "asks for Digest by MD5 with this protection, name and password",
  "/:algorithm": "asks for Digest by MD5, SHA-256 or SHA-512",
  "/:algorithm/:stale_after": "asks for Digest, and calls a nonce stale after so many uses, which a cookie counts",
};

/** Basic, Digest and Bearer, with the credentials in the path. */
export const authenticationRoutes: EndpointFamily = httpbinFamily(
  "authentication",
  "ask for credentials that the path names, as httpbin does",
  [
    ...basic("/basic-auth", "asks for Basic with this name and password", (exchange) => {
      exchange.send(401, { "www-authenticate": 'Basic realm="Fake Realm"' });
    }),
    ...basic("/hidden-basic-auth", "takes Basic with this name and password, and is not found without", (exchange) => {
      exchange.send(404, {});
    }),
    {
      path: "/bearer",
      methods: anyMethod,
      does: "asks for a bearer token, and takes any",
      example: "/bearer",
      handle: (exchange) => {
        const { scheme, token68: token } = parseCredentials(exchange.request.headers.authorization) ?? {};
        if (scheme === "bearer" && token !== undefined) exchange.sendJson({ authenticated: true, token });
        else exchange.send(401, { "www-authenticate": "Bearer" });
      },
    },
    ...["", "/:algorithm", "/:algorithm/:stale_after"].map(
      (rest): HttpbinRoute => ({
        path: `/digest-auth/:qop/:user/:passwd${rest}`,
        methods: anyMethod,
        does: digestLines[rest] ?? "",
        example: `/digest-auth/auth/user/passwd${rest.replace(":algorithm", "SHA-256").replace(":stale_after", "2")}`,
        handle: digest,
      }),
    ),
  ],
);

function basic(path: string, does: string, refuse: (exchange: Exchange) => void): readonly HttpbinRoute[] {
  return ["/:user", "/:user/:passwd"].map((rest) => ({
    path: path + rest,
    methods: anyMethod,
    does: rest === "/:user" ? does.replace("and password", "and an empty password") : does,
    example: `${path}${rest.replace(":user", "user").replace(":passwd", "passwd")}`,
    handle: (exchange) => {
      const { username, password } = basicUser(exchange.request.headers.authorization) ?? {};
      const user = exchange.text("user");
      if (username === user && isSame(password ?? "", exchange.text("passwd", ""))) {
        exchange.sendJson({ authenticated: true, user });
      } else refuse(exchange);
    },
  }));
}

/** How often a nonce may be used is counted by cookies, as there: the server remembers nothing. */
function digest(exchange: Exchange): void {
  const staleAfter = exchange.text("stale_after", "never");
  const cookies = new Map((exchange.request.headers.cookie ?? "").split("; ").map(splitCookie));
  const { scheme, parameters } = parseCredentials(exchange.request.headers.authorization) ?? {};
  const needsCookie = /^(?:1|t|true)$/i.test(exchange.text("require-cookie", ""));
  if (
    parameters === undefined ||
    scheme !== "digest" ||
    (needsCookie && exchange.request.headers.cookie === undefined)
  ) {
    challenge(exchange, [`stale_after=${encodeURIComponent(staleAfter)}; Path=/`]);
  } else if (needsCookie && cookies.get("fake") !== "fake_value") {
    exchange.send(
      403,
      { "content-type": "application/json", "set-cookie": "fake=fake_value; Path=/" },
      '{"errors": ["missing cookie set on challenge"]}\n',
    );
  } else {
    judge(exchange, parameters, cookies, staleAfter);
  }
}

function judge(
  exchange: Exchange,
  parameters: DigestParameters,
  cookies: ReadonlyMap<string, string>,
  staleAfter: string,
): void {
  const nonce = parameters.get("nonce") ?? "";
  const left = cookies.get("stale_after");
  const isStale = cookies.get("last_nonce") === nonce || left === "0";
  if (isStale || !isRight(exchange, parameters)) {
    const kept = [`stale_after=${encodeURIComponent(staleAfter)}; Path=/`];
    if (/^[0-9a-f]{1,128}$/.test(nonce)) kept.push(`last_nonce=${nonce}; Path=/`);
    challenge(exchange, kept, isStale);
    return;
  }
  const count = /^\d{1,9}$/.test(left ?? "") ? String(Number(left) - 1) : "never";
  const kept = left === undefined ? [] : [`stale_after=${count}; Path=/`];
  exchange.sendJson(
    { authenticated: true, user: exchange.text("user") },
    { "set-cookie": ["fake=fake_value; Path=/", ...kept] },
  );
}

function isRight(exchange: Exchange, parameters: DigestParameters): boolean {
  const { recorded, body, url } = exchange;
  const username = exchange.text("user");
  const uri = parameters.get("uri") ?? "";
  return (
    parameters.get("username") === username &&
    (uri === recorded.target || uri === url.pathname) &&
    isDigestProof(parameters, {
      ...{ username, password: exchange.text("passwd"), method: recorded.method, target: uri, content: body },
      hash: algorithms[(parameters.get("algorithm") ?? "MD5").toUpperCase()] ?? "md5",
    })
  );
}

function challenge(exchange: Exchange, cookies: readonly string[], isStale = false): void {
  const wanted = exchange.text("qop");
  const qop = wanted === "auth" || wanted === "auth-int" ? wanted : "auth, auth-int";
  const asked = exchange.text("algorithm", "MD5");
  const algorithm = asked in algorithms ? asked : "MD5";
  const random = (): string => createHash("md5").update(randomBytes(16)).digest("hex");
  const parameters = [
    'realm="me@kennethreitz.com"',
    `nonce="${random()}"`,
    `qop="${qop}"`,
    `opaque="${random()}"`,
    `algorithm=${algorithm}`,
    `stale=${isStale ? "TRUE" : "FALSE"}`,
  ];
  exchange.send(401, {
    "www-authenticate": `Digest ${parameters.join(", ")}`,
    "set-cookie": [...cookies, "fake=fake_value; Path=/"],
  });
}

function splitCookie(pair: string): readonly [string, string] {
  const equals = pair.indexOf("=");
  return equals === -1 ? ["", pair] : [pair.slice(0, equals), pair.slice(equals + 1)];
}
