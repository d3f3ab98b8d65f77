import { once } from "node:events";
import { resolve } from "node:path";
import type { Fault, RelayManifest } from "@fairlead/testserver/relay";
import { ArgumentsError, parseArguments } from "../arguments.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../terminal/printable.ts";
import type { TestServerAction } from "./action.ts";
import { parseFaultText } from "./fault-option.ts";
import { isLoopback } from "./loopback.ts";
import { parseWhole } from "./stress-options.ts";
import { WrittenFiles } from "./written-files.ts";

const specification = {
  options: {
    listen: { type: "value" },
    udp: { type: "flag" },
    fault: { type: "values" },
    "connect-timeout": { type: "value" },
    manifest: { type: "value" },
    json: { type: "flag" },
  },
  positionals: ["TARGET"],
} as const;

/** Starts a relay before a server, and keeps it until the command is ended. */
export const relay: TestServerAction = async (args, { stdout, stderr, signal }) => {
  const { options, positionals } = parseArguments(specification, args);
  const [to = ""] = positionals;
  const listen = parseListen(options.listen ?? "127.0.0.1:0");
  const timeout = options["connect-timeout"];
  const connectTimeoutSeconds = timeout === undefined ? 10 : parseWhole("--connect-timeout", timeout, 1, 3_600);
  const { faultTypes, startRelay } = await import("@fairlead/testserver/relay");
  // Values are checked by the relay.
  const faults = options.fault.map((text) => parseFaultText(text, faultTypes) as unknown as Fault);
  await using files = new WrittenFiles();
  await using started = await startRelay({
    ...{ to, faults, ...listen, transport: options.udp ? "udp" : "tcp" },
    connectTimeoutMilliseconds: connectTimeoutSeconds * 1_000,
  });
  const { manifest } = started;
  if (!isLoopback(manifest.host)) {
    stderr.write(
      `fairlead: ${manifest.host} is no loopback address: others can reach ${printable(manifest.to)} by it\n`,
    );
  }
  if (options.manifest !== undefined) {
    await files.write(resolve(options.manifest), (path) => started.writeManifest(path));
  }
  stdout.write(options.json ? `${JSON.stringify(manifest, null, 2)}\n` : page(manifest));
  // Being ended from outside is how this command always ends.
  if (!signal.aborted) await once(signal, "abort");
  return exitCodes.ok.code;
};

function parseListen(text: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, digits = ""] = /^(?:\[([0-9a-f:.]+)\]:|([0-9.]+):)?(\d{1,5})$/i.exec(text) ?? [];
  const port = digits === "" ? Number.NaN : Number(digits);
  if (port <= 65_535) return { host: bracketed ?? plain ?? "127.0.0.1", port };
  throw new ArgumentsError(`--listen takes PORT, ADDRESS:PORT or [ADDRESS]:PORT, not ${JSON.stringify(text)}`);
}

function page({ host, port, to, transport, control }: RelayManifest): string {
  const at = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  return [
    `Relay  ${at} (${transport}) to ${printable(to)}  for tests only`,
    `Control  ${control}`,
    "",
    "Try it from another terminal:",
    `  fairlead testserver fault add relay latency --milliseconds 200 --control ${control}`,
    "",
    "Ctrl-C ends it.",
    "",
  ].join("\n");
}
