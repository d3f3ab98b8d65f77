import { once } from "node:events";
import { isIP } from "node:net";
import { resolve } from "node:path";
import type { Fault, Manifest } from "@fairlead/testserver";
import { ArgumentsError, parseArguments, parsePort } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import type { TestServerAction } from "./action.ts";
import { checkServiceName, parseSiteFault } from "./fault-option.ts";
import { isLoopback } from "./loopback.ts";
import { plannedStress } from "./stress-options.ts";
import { WrittenFiles } from "./written-files.ts";

const specification = {
  options: {
    host: { type: "value" },
    port: { type: "value" },
    now: { type: "value" },
    manifest: { type: "value" },
    ca: { type: "value" },
    fault: { type: "values" },
    json: { type: "flag" },
    verbose: { type: "flag", short: "v" },
    stress: { type: "value" },
    seed: { type: "value" },
    "stress-for": { type: "value" },
  },
  positionals: [],
} as const;

/** Starts the network, and keeps it until the command is ended. */
export const start: TestServerAction = async (args, surroundings) => {
  const { options } = parseArguments(specification, args);
  const port = options.port === undefined ? 0 : parsePort(options.port);
  const host = parseHost(options.host ?? "127.0.0.1");
  const now = options.now === undefined ? undefined : parseMoment(options.now);
  const planned = await plannedStress(options);
  await using files = new WrittenFiles();
  const { faultTypes, startTestNetwork } = await import("@fairlead/testserver");
  const faults = options.fault.map((text) => parseSiteFault(text, faultTypes));
  for (const { service } of faults) await checkServiceName(service);
  const { transportErrorFrom } = await import("@fairlead/transport");
  await using network = await startTestNetwork({ host, port, faultsOnOpenConnections: true }).catch(
    (cause: unknown) => {
      if (cause instanceof RangeError) throw new ArgumentsError(`--port ${port} is too high: ${cause.message}`);
      throw transportErrorFrom(cause, { operation: "listen", peer: peerOf(cause) });
    },
  );
  const { signal, stderr } = surroundings;
  if (!isLoopback(host)) {
    stderr.write(`fairlead: ${host} is no loopback address: others can reach servers that do what anybody asks\n`);
  }
  if (now !== undefined) network.clock.set(now);
  // Names of services and values are checked there.
  for (const { service, members } of faults) network.faults(service as "all").add(members as unknown as Fault);

  const caFile = options.ca === undefined ? await files.temporary("ca.pem") : resolve(options.ca);
  await files.write(caFile, (path) => network.writeCa(path));
  // Before the page and after everything else: where the file is, all is ready.
  if (options.manifest !== undefined) {
    await files.write(resolve(options.manifest), (path) => network.writeManifest(path));
  }
  await printManifest(network.manifest, options, surroundings);

  await using stress = await planned?.begin(network);
  if (stress !== undefined) stderr.write(`${stress.lines.join("\n")}\n`);
  // Being ended from outside is how this command always ends.
  if (!signal.aborted) await once(signal, "abort");
  return exitCodes.ok.code;
};

function parseHost(text: string): string {
  if (isIP(text) !== 0) return text;
  throw new ArgumentsError(`--host takes an address of this machine, such as 0.0.0.0, not ${JSON.stringify(text)}`);
}

function parseMoment(text: string): number {
  const moment = Date.parse(text);
  if (moment >= Date.UTC(1971) && moment < Date.UTC(2049)) return moment;
  throw new ArgumentsError(`--now takes a date from 1971 to 2048, such as 2027-01-01T12:00:00Z, not "${text}"`);
}

/** The address that could not be had, as the system's error names it. */
function peerOf(cause: unknown): string {
  // What a system's error has; whatever else this is has neither.
  const { address, port } = (cause instanceof Error ? cause : {}) as {
    readonly address?: string;
    readonly port?: number;
  };
  return address === undefined || port === undefined ? "loopback" : `${address}:${port}`;
}

async function printManifest(
  manifest: Manifest,
  { json, verbose }: { readonly json: boolean; readonly verbose: boolean },
  { stdout }: Surroundings,
): Promise<void> {
  if (json) {
    stdout.write(`${JSON.stringify(manifest, null, 2)}\n`);
    return;
  }
  const { formatManifest } = await import("./manifest-page.ts");
  const { paintFor } = await import("../terminal/style.ts");
  const { widthOf } = await import("../terminal/width.ts");
  const lines = formatManifest(manifest, { verbose, width: widthOf(stdout), paint: paintFor(stdout) });
  stdout.write(lines.map((line) => `${line}\n`).join(""));
}
