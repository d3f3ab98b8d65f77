import { request, type Agent } from "node:http";

/** What a server answered. */
export interface Answer {
  readonly status: number;
  /** Whom it takes the client for. */
  readonly user: string;
  /** By scheme, what it says of it. */
  readonly tokens: ReadonlyMap<string, Buffer>;
}

/** Asks a server on this machine, with a token of `scheme` where there is one. */
export async function get(agent: Agent, port: number, path: string, scheme = "", token?: Uint8Array): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const authorization = token && `${scheme} ${Buffer.from(token).toString("base64")}`;
  request(
    { host: "localhost", port, path, agent, headers: { ...(authorization && { authorization }) } },
    (response) => {
      const challenges = response.headersDistinct["www-authenticate"] ?? [];
      const tokens = challenges.map((each): [string, Buffer] => {
        const [name = "", value = ""] = each.split(" ");
        return [name, Buffer.from(value, "base64")];
      });
      const user = response.headersDistinct["x-user"]?.[0] ?? "";
      response.resume().on("end", () => {
        resolve({ status: response.statusCode ?? 0, user, tokens: new Map(tokens) });
      });
    },
  )
    .on("error", reject)
    .end();
  return promise;
}
