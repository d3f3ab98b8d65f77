import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MintedIdentity } from "@fairlead/testserver/authority";
import { listeningPort, startPeer } from "./peer-program.ts";
import { unusedPort } from "./unused-port.ts";

/** How a HAProxy is set up. */
export interface HaproxyOptions {
  /** `tcp` passes bytes on, `http` requests. */
  readonly mode: "tcp" | "http";
  /** What follows the address in `server fairlead …`: the address, then such as `send-proxy-v2`. */
  readonly server: string;
  /** Ends TLS with it. */
  readonly identity?: MintedIdentity;
  /** PEM; asks clients for certificates of this authority, which they may do without. */
  readonly clientAuthority?: string;
  /** Added to the part that listens, such as `option forwarded`. */
  readonly lines?: readonly string[];
}

/** A HAProxy on 127.0.0.1 in front of another server. */
export interface Haproxy extends AsyncDisposable {
  readonly port: number;
  /** Everything that it has printed. */
  readonly output: string;
}

/** Starts it, with a folder of its own. */
export async function startHaproxy(options: HaproxyOptions): Promise<Haproxy> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-haproxy-"));
  const at = (name: string): string => join(folder, name);
  const port = await unusedPort();
  const { identity, clientAuthority } = options;
  if (identity !== undefined) await writeFile(at("server.pem"), identity.certificate + identity.privateKey);
  if (clientAuthority !== undefined) await writeFile(at("clients.pem"), clientAuthority);
  const tls = identity === undefined ? "" : ` ssl crt ${at("server.pem")} alpn h2,http/1.1`;
  const clients = clientAuthority === undefined ? "" : ` ca-file ${at("clients.pem")} verify optional`;
  await writeFile(
    at("haproxy.cfg"),
    [
      "global",
      "  ssl-default-bind-options ssl-min-ver TLSv1.2",
      "defaults",
      `  mode ${options.mode}`,
      "  timeout connect 5s",
      "  timeout client 20s",
      "  timeout server 20s",
      "listen front",
      `  bind 127.0.0.1:${String(port)}${tls}${clients}`,
      ...(options.lines ?? []).map((line) => `  ${line}`),
      `  server fairlead ${options.server}`,
      "",
    ].join("\n"),
  );
  const server = await startPeer("haproxy", ["-db", "-f", at("haproxy.cfg")]);
  await Promise.race([listeningPort(server), endedBeforeListening(server)]);
  return {
    port,
    get output() {
      return server.output;
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

async function endedBeforeListening(server: { ended(): Promise<unknown>; readonly output: string }): Promise<never> {
  await server.ended();
  throw new Error(`it ended before it listened:\n${server.output}`);
}
