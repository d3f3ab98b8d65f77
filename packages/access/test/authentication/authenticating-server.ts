import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { once } from "node:events";
import type { MintedIdentity } from "@fairlead/testserver/authority";
import type { AddressInfo } from "node:net";

/** A server on a free port of this machine, and what it was asked. */
export interface AuthenticatingServer extends AsyncDisposable {
  readonly origin: string;
  /** Everything but the body of each request, in order. */
  readonly requests: readonly IncomingMessage[];
  /** `Authorization` of each request, in order. */
  readonly authorizations: () => readonly (string | undefined)[];
}

/** Starts an HTTP server, over TLS where it has an identity. Whoever starts it disposes of it. */
export async function serve(listener: RequestListener, identity?: MintedIdentity): Promise<AuthenticatingServer> {
  const requests: IncomingMessage[] = [];
  const serveOne: RequestListener = (request, response) => {
    requests.push(request);
    listener(request, response);
  };
  const server =
    identity === undefined
      ? createServer(serveOne)
      : createSecureServer({ cert: identity.certificate, key: identity.privateKey }, serveOne);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // It listens on a port.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${identity === undefined ? "http" : "https"}://127.0.0.1:${String(port)}`,
    requests,
    authorizations: () => requests.map(({ headers }) => headers.authorization),
    [Symbol.asyncDispose]: async (): Promise<void> => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** Refuses with challenges. */
export function challenge(response: ServerResponse, ...challenges: readonly string[]): void {
  response.writeHead(401, { "WWW-Authenticate": [...challenges], "Content-Type": "text/plain" });
  response.end("who are you?");
}

/** Lets those in who know the word for a realm; everybody else is asked. */
export function basicListener(
  word: (path: string) => { readonly realm: string; readonly user: string },
  onContent?: (content: string) => void,
): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      onContent?.(Buffer.concat(chunks).toString());
      const { realm, user } = word(request.url ?? "");
      const expected = `Basic ${Buffer.from(user).toString("base64")}`;
      if (request.headers.authorization === expected) response.end("let in");
      else challenge(response, `Basic realm="${realm}", charset="UTF-8"`);
    });
  };
}

/** What a Digest server wants. */
export interface DigestSettings {
  readonly algorithm: "MD5" | "SHA-256" | "SHA-512-256";
  readonly session?: boolean;
  readonly qop?: "auth" | "auth-int";
  readonly userhash?: boolean;
  readonly namesCharset?: boolean;
  readonly username: string;
  readonly password: string;
  /** How often a nonce is good; for ever by default. Then it is stale. */
  readonly usesOfNonce?: number;
  /** Whether each response names the next nonce. */
  readonly namesNextNonce?: boolean;
  /** Spoils the server's own proof. */
  readonly liesAboutProof?: boolean;
}

interface Nonce {
  readonly counts: Set<string>;
  session: { readonly nonce: string; readonly cnonce: string } | undefined;
}

const REALM = "the realm";

/** A server that checks Digest by the words of RFC 7616, with code of its own: nothing of ours is used. */
export function digestListener(settings: DigestSettings): RequestListener {
  const hash = (data: string | Uint8Array): string =>
    createHash({ MD5: "md5", "SHA-256": "sha256", "SHA-512-256": "sha512-256" }[settings.algorithm])
      .update(data)
      .digest("hex");
  const nonces = new Map<string, Nonce>();
  const newNonce = (session: Nonce["session"]): string => {
    const nonce = randomBytes(16).toString("hex");
    nonces.set(nonce, { counts: new Set(), session });
    return nonce;
  };
  const qop = settings.qop ?? "auth";
  const refuse = (response: ServerResponse, stale: boolean): void => {
    const parts = [
      `realm="${REALM}"`,
      `nonce="${newNonce(undefined)}"`,
      `qop="${qop}"`,
      `algorithm=${settings.algorithm}${settings.session === true ? "-sess" : ""}`,
      'opaque="as it is"',
      ...(settings.namesCharset === true ? ["charset=UTF-8"] : []),
      ...(settings.userhash === true ? ["userhash=true"] : []),
      ...(stale ? ["stale=true"] : []),
    ];
    challenge(response, `Digest ${parts.join(", ")}`);
  };
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const given = fieldsOf(request.headers.authorization);
      const nonce = nonces.get(given.get("nonce") ?? "");
      const [count = "", cnonce = ""] = [given.get("nc"), given.get("cnonce")];
      if (nonce === undefined) {
        refuse(response, false);
        return;
      }
      const nonceText = given.get("nonce") ?? "";
      const begun = nonce.session ?? { nonce: nonceText, cnonce };
      const { username, password } = settings;
      const secret = hash(`${username}:${REALM}:${password}`);
      const a1 = settings.session === true ? hash(`${secret}:${begun.nonce}:${begun.cnonce}`) : secret;
      const proof = (method: string, content: Uint8Array): string =>
        hash(
          `${a1}:${nonceText}:${count}:${cnonce}:${qop}:${hash(
            `${method}:${request.url ?? ""}${qop === "auth-int" ? `:${hash(content)}` : ""}`,
          )}`,
        );
      const name = settings.userhash === true ? hash(`${username}:${REALM}`) : username;
      const isRight =
        given.get("response") === proof(request.method ?? "", Buffer.concat(chunks)) &&
        given.get("username") === name &&
        given.get("uri") === request.url &&
        given.get("qop") === qop &&
        given.get("opaque") === "as it is" &&
        /^[0-9a-f]{8}$/.test(count);
      if (!isRight) {
        refuse(response, false);
        return;
      }
      if (nonce.counts.has(count) || nonce.counts.size >= (settings.usesOfNonce ?? Infinity)) {
        refuse(response, true);
        return;
      }
      nonce.counts.add(count);
      nonce.session ??= begun;
      const content = Buffer.from("let in");
      const rspauth = settings.liesAboutProof === true ? hash("a lie") : proof("", content);
      const next = settings.namesNextNonce === true ? `, nextnonce="${newNonce(nonce.session)}"` : "";
      response.setHeader(
        "Authentication-Info",
        `rspauth="${rspauth}", qop=${qop}, nc=${count}, cnonce="${cnonce}"${next}`,
      );
      response.end(content);
    });
  };
}

function fieldsOf(field: string | undefined): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const [, name = "", quoted, plain] of field?.matchAll(/([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g) ?? []) {
    const value = quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "";
    if (name === "username*") given.set("username", decodeURIComponent(value.replace(/^UTF-8''/, "")));
    else given.set(name, Buffer.from(value, "latin1").toString());
  }
  return given;
}
