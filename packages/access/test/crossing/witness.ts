import type { Authority } from "@fairlead/testserver/authority";
import { mintCertificate } from "@fairlead/testserver/authority";
import { constants, type X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";

/** What a server recognises a client by. */
export type Secret = "cookie" | "credentials" | "client certificate" | "connection" | "TLS session";

/** A secret that reached a server in a context that it was not given out for. */
export interface Crossing {
  readonly what: Secret;
  readonly secret: string;
  readonly givenTo: string;
  readonly seenBy: string;
}

/** An origin that gives out secrets, each with its context inside, and takes note of those that come from another. */
export interface Witness extends AsyncDisposable {
  readonly origin: string;
  readonly crossings: readonly Crossing[];
  /** How often each kind of secret came back, to whom it belongs: a test that sees none tests nothing. */
  readonly returns: ReadonlyMap<Secret, number>;
}

/** The field by which a request says in whose name it is made: manager and partition. */
export const CONTEXT_FIELD = "x-context";

/**
 * Starts an origin.
 *
 * @param hostName what its certificate is for.
 * @param owners who was given the client certificate of a name: context and origin.
 */
export async function startWitness(
  issuer: Authority,
  hostName: string,
  owners: ReadonlyMap<string, string>,
): Promise<Witness> {
  const { certificate, privateKey } = await mintCertificate({ issuer, names: [hostName] });
  const crossings: Crossing[] = [];
  const returns = new Map<Secret, number>();
  const ofConnection = new WeakMap<Socket, string>();
  const ofSession = new Map<string, string>();
  const sessions = new Map<string, Buffer>();

  const check = (what: Secret, secret: string, givenTo: string, seenBy: string): void => {
    if (givenTo === seenBy) returns.set(what, (returns.get(what) ?? 0) + 1);
    else crossings.push({ what, secret, givenTo, seenBy });
  };

  const observe = (request: IncomingMessage, context: string, origin: string): void => {
    const socket = Object(request.socket) as TLSSocket;
    const first = ofConnection.get(socket);
    if (first === undefined) ofConnection.set(socket, context);
    else check("connection", String(socket.remotePort), first, context);

    const session = masterSecretOf(socket);
    const began = ofSession.get(session);
    if (began === undefined) ofSession.set(session, context);
    else if (socket.isSessionReused() && first === undefined) check("TLS session", session, began, context);

    for (const pair of request.headers.cookie?.split("; ") ?? []) {
      const [name = "", value = ""] = pair.split("=");
      check("cookie", name, decodeURIComponent(value), `${context} ${hostName}`);
    }
    const { authorization } = request.headers;
    if (authorization !== undefined)
      check("credentials", "Authorization", userOf(authorization), `${context} ${origin}`);
    const peer = socket.getPeerX509Certificate();
    if (peer !== undefined) {
      const name = nameOf(peer);
      check("client certificate", name, owners.get(name) ?? "nobody", `${context} ${origin}`);
    }
  };

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const origin = `https://${hostName}:${String((server.address() as AddressInfo).port)}`;
    const context = String(request.headers[CONTEXT_FIELD]);
    observe(request, context, origin);
    const url = new URL(request.url ?? "/", origin);
    const belongsTo = encodeURIComponent(`${context} ${hostName}`);
    switch (url.pathname) {
      case "/cookie":
        response.setHeader(
          "set-cookie",
          `${url.searchParams.get("name") ?? ""}=${belongsTo}; Path=/; SameSite=None; Secure`,
        );
        response.end();
        return;
      case "/away":
        response.writeHead(302, { location: `${url.searchParams.get("to") ?? ""}/plain` }).end();
        return;
      case "/last":
        response.setHeader("connection", "close").end();
        return;
      case "/private":
        if (request.headers.authorization === undefined) {
          response.writeHead(401, { "www-authenticate": `Basic realm="${hostName}", charset="UTF-8"` });
        }
        response.end();
        return;
      case "/kept":
        response.setHeader("cache-control", "max-age=3600").end(`${context} ${origin}`);
        return;
      case "/moved":
        response.writeHead(301, {
          "cache-control": "max-age=3600",
          location: `/arrived?${new URLSearchParams({ from: `${context} ${origin}` }).toString()}`,
        });
        response.end();
        return;
      case "/arrived":
        response.end(url.searchParams.get("from"));
        return;
      default:
        response.end();
    }
  };

  const server = createServer(
    // A session of TLS 1.2 has a name that the server can recognise it by.
    {
      cert: certificate,
      key: privateKey,
      requestCert: true,
      rejectUnauthorized: false,
      maxVersion: "TLSv1.2",
      secureOptions: constants.SSL_OP_NO_TICKET,
    },
    answer,
  );
  server.on("newSession", (id: Buffer, data: Buffer, done: () => void) => {
    sessions.set(id.toString("hex"), data);
    done();
  });
  server.on("resumeSession", (id: Buffer, done: (error: Error | null, data: Buffer | null) => void) => {
    done(null, sessions.get(id.toString("hex")) ?? null);
  });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `https://${hostName}:${String((server.address() as AddressInfo).port)}`,
    crossings,
    returns,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** It stays the same when a session of TLS 1.2 is resumed, and is 48 bytes long (RFC 5246 section 8.1). */
function masterSecretOf(socket: TLSSocket): string {
  return /0430([0-9a-f]{96})/.exec(socket.getSession()?.toString("hex") ?? "")?.[1] ?? "";
}

function userOf(authorization: string): string {
  const [, credentials = ""] = authorization.split(" ");
  return Buffer.from(Buffer.from(credentials, "base64").toString().split(":")[0] ?? "", "hex").toString();
}

function nameOf({ subject }: X509Certificate): string {
  return /CN=(.+)/.exec(subject)?.[1] ?? "";
}
