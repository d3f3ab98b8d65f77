import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MintedIdentity } from "@fairlead/testserver/authority";
import { runPeer } from "./openssh.ts";
import { startPeer, type PeerProgram } from "./peer-program.ts";
import { unusedPort } from "./unused-port.ts";

/** How a broker is set up. */
export interface MosquittoOptions {
  /** Ends TLS with it; plain TCP by default. */
  readonly identity?: MintedIdentity;
  /** PEM: lets in nobody without a certificate that ends there, and takes its common name as the user's. */
  readonly clientAuthority?: string;
  /** Who is let in; everybody by default. */
  readonly user?: { readonly name: string; readonly password: string };
  /** Directives that are added. */
  readonly lines?: readonly string[];
}

/** A mosquitto on 127.0.0.1, with a folder of its own. */
export interface Mosquitto extends AsyncDisposable {
  readonly port: number;
  /** All that it has logged, of every run. */
  readonly log: string;
  /** Resolves when the log of this run matches. */
  logs(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again, on the same port. */
  start(): Promise<void>;
}

/** Starts a broker. */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-mosquitto-"));
  const at = (name: string): string => join(folder, name);
  const port = await unusedPort();
  const { identity, clientAuthority, user, lines = [] } = options;
  if (identity !== undefined) {
    await writeFile(at("certificate.pem"), identity.certificate);
    await writeFile(at("key.pem"), identity.privateKey, { mode: 0o600 });
  }
  // It wants a file of authorities for clients, also where it asks none for a certificate.
  if (clientAuthority !== undefined) await writeFile(at("clients.pem"), clientAuthority);
  if (user !== undefined) {
    await writeFile(at("passwords"), "", { mode: 0o600 });
    await runPeer("mosquitto_passwd", ["-b", at("passwords"), user.name, user.password]);
  }
  await writeFile(
    at("mosquitto.conf"),
    [
      `listener ${String(port)} 127.0.0.1`,
      `allow_anonymous ${String(user === undefined)}`,
      ...(user === undefined ? [] : [`password_file ${at("passwords")}`]),
      ...(identity === undefined ? [] : [`certfile ${at("certificate.pem")}`, `keyfile ${at("key.pem")}`]),
      ...(clientAuthority === undefined
        ? []
        : [`cafile ${at("clients.pem")}`, "require_certificate true", "use_identity_as_username true"]),
      ...(process.getuid?.() === 0 ? ["user root"] : []),
      "log_type all",
      ...lines,
      "",
    ].join("\n"),
  );
  const start = async (): Promise<PeerProgram> => {
    const started = await startPeer("mosquitto", ["-c", at("mosquitto.conf")]);
    try {
      await started.says(/mosquitto version \S+ running/);
    } catch (error) {
      await started[Symbol.asyncDispose]();
      throw error;
    }
    return started;
  };
  const clean = (): Promise<void> => rm(folder, { recursive: true, force: true });
  let earlier = "";
  let broker = await start().catch(async (error: unknown) => {
    await clean();
    throw error;
  });
  return {
    port,
    get log() {
      return earlier + broker.output;
    },
    logs: (pattern) => broker.says(pattern),
    kill: async () => {
      await broker[Symbol.asyncDispose]();
      earlier += broker.output;
    },
    start: async () => {
      broker = await start();
    },
    [Symbol.asyncDispose]: async () => {
      await broker[Symbol.asyncDispose]();
      await clean();
    },
  };
}
