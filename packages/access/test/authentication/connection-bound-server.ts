import type { ConnectionBoundScheme, SchemeConversation } from "@fairlead/http/authentication";
import type { RequestListener } from "node:http";
import type { Socket } from "node:net";
import { challenge } from "./authenticating-server.ts";

/** A scheme in three legs, as NTLM is, whose tokens can be read: `hello`, the server's `who N`, `user password N`. */
export interface ReadableScheme extends ConnectionBoundScheme {
  /** Conversations that were opened, and not closed. */
  readonly opened: () => number;
  /** What each was bound to, at its last leg. */
  readonly bindings: readonly (string | undefined)[];
}

/** Makes it. @param fails what its first leg rejects with. */
export function readableScheme(name: "NTLM" | "Negotiate" = "NTLM", fails?: Error): ReadableScheme {
  let opened = 0;
  const bindings: (string | undefined)[] = [];
  return {
    name,
    hasOwnCredentials: name === "Negotiate",
    unavailable: () => undefined,
    opened: () => opened,
    bindings,
    open: (credentials, service): SchemeConversation => {
      opened += 1;
      let isClosed = false;
      return {
        next: async (token) => {
          if (fails !== undefined) throw fails;
          await Promise.resolve();
          if (token === undefined) return { token: Buffer.from("hello"), done: false };
          const text = Buffer.from(token).toString();
          if (text === "welcome") return { token: Buffer.alloc(0), done: true };
          if (text === "I am somebody else") throw new Error("the server is somebody else");
          bindings.push(service.channelBinding && Buffer.from(service.channelBinding).toString("hex"));
          const user = credentials === undefined ? "system" : `${credentials.username} ${credentials.password}`;
          return { token: Buffer.from(`${user} ${text.replace("who ", "")}`), done: true };
        },
        close: () => {
          if (!isClosed) opened -= 1;
          isClosed = true;
        },
      };
    },
  };
}

/** What a server has seen of one connection. */
interface Seen {
  number: string | undefined;
  user: string | undefined;
}

/**
 * A server that authenticates connections, and answers with the user of each. `last` is the token that comes with its
 * first yes.
 */
export function connectionBoundListener(
  users: Readonly<Record<string, string>>,
  { name = "NTLM", last, others = [] }: { name?: string; last?: string; others?: readonly string[] } = {},
): RequestListener {
  const connections = new WeakMap<Socket, Seen>();
  let count = 0;
  return (request, response) => {
    const seen = connections.get(request.socket) ?? { number: undefined, user: undefined };
    connections.set(request.socket, seen);
    const [, token] = new RegExp(`^${name} (.+)$`).exec(request.headers.authorization ?? "") ?? [];
    const said = token === undefined ? undefined : Buffer.from(token, "base64").toString();
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (said === "hello") {
        count += 1;
        seen.number = String(count);
        challenge(response, `${name} ${Buffer.from(`who ${seen.number}`).toString("base64")}`);
        return;
      }
      const [user = "", password, number] = said?.split(" ") ?? [];
      const isRight = password !== undefined && users[user] === password && number === seen.number;
      if (isRight) {
        seen.user = user;
        if (last !== undefined)
          response.setHeader("WWW-Authenticate", `${name} ${Buffer.from(last).toString("base64")}`);
      }
      if (seen.user === undefined) challenge(response, name, ...others);
      else response.end(`${seen.user}: ${Buffer.concat(chunks).toString()}`);
    });
  };
}
