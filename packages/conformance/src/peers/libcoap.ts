import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { listeningPort, startPeer, type PeerProgram } from "./peer-program.ts";
import { unusedPort } from "./unused-port.ts";

/** Which TLS library it was built with. */
export type LibcoapBuild = "gnutls" | "openssl";

/** A server of libcoap on 127.0.0.1. */
export interface LibcoapServer extends AsyncDisposable {
  /** Of UDP and TCP; the next one is that of DTLS and TLS. */
  readonly port: number;
  readonly program: PeerProgram;
}

/** Why tests with libcoap are skipped: what to install. In CI nothing is missing, and if it is, they fail. */
export function skipWithoutLibcoap(): string | false {
  const isThere = (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, "coap-client-gnutls"), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return isThere || process.env["CI"] === "true" ? false : "coap-client is missing: apt-get install libcoap3-bin";
}

/** Starts `coap-server`; it listens when this resolves. */
export async function startLibcoapServer(build: LibcoapBuild, args: readonly string[] = []): Promise<LibcoapServer> {
  const port = await unusedPort(2);
  const program = await startPeer(`coap-server-${build}`, ["-A", "127.0.0.1", "-p", String(port), ...args]);
  // With a key or a certificate it opens four: those of UDP, DTLS, TCP and TLS, in this order.
  const last = args.includes("-k") || args.includes("-c") ? port + 1 : port;
  const listening = await Promise.race([listeningPort(program, "tcp", last), program.ended()]);
  if (listening === null || program.output.includes("error")) throw new Error(`coap-server failed:\n${program.output}`);
  return { port, program, [Symbol.asyncDispose]: () => program[Symbol.asyncDispose]() };
}

/** Starts `coap-client`, which asks, prints what is answered, and ends. It gives up after a minute. */
export function startLibcoapClient(build: LibcoapBuild, args: readonly string[]): Promise<PeerProgram> {
  return startPeer(`coap-client-${build}`, ["-B", "60", ...args]);
}

/** What `coap-client` printed when it has ended. */
export async function runLibcoapClient(build: LibcoapBuild, args: readonly string[]): Promise<string> {
  await using program = await startLibcoapClient(build, args);
  program.endInput();
  await program.ended();
  return program.output;
}
