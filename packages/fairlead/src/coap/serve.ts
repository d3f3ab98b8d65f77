import { once } from "node:events";
import { resolve } from "node:path";
import { type CoapListenOptions, coapServer } from "@fairlead/iot/coap";
import { ArgumentsError, parseArguments, parsePort } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { loadTlsBackend } from "../get/tls-backend.ts";
import { readIdentityFiles } from "../identity-files.ts";
import { printable } from "../terminal/printable.ts";
import { readKey } from "./client.ts";
import { folderHandler } from "./folder-handler.ts";

const specification = {
  options: {
    scheme: { type: "value" },
    host: { type: "value" },
    port: { type: "value" },
    cert: { type: "value" },
    key: { type: "value" },
    "psk-identity": { type: "value" },
    "psk-file": { type: "value" },
    multicast: { type: "flag" },
    interface: { type: "value" },
  },
  positionals: ["[DIR]"],
} as const;

/** Serves a folder, until it is told to end. */
export async function serveFolder(args: readonly string[], { stdout, stderr, signal }: Surroundings): Promise<number> {
  const { options, positionals } = parseArguments(specification, args);
  const { host, port, multicast } = options;
  if (multicast && host === undefined) throw new ArgumentsError("--multicast needs --host, the address that is found");
  const listening = {
    ...(await listenOptions(options)),
    host,
    port: port === undefined ? undefined : parsePort(port),
  };
  const root = resolve(positionals[0] ?? ".");
  await using server = coapServer({
    handler: await folderHandler(root),
    onError: (error) => {
      stderr.write(`fairlead: coap serve: ${printable(error instanceof Error ? error.message : String(error))}\n`);
    },
  });
  const { url } = await server.listen(listening);
  stdout.write(`${printable(root)} at ${url}\nCtrl-C ends it.\n`);
  // Being ended from outside is how this command always ends.
  if (!signal.aborted) await once(signal, "abort");
  return exitCodes.ok.code;
}

type Chosen = ReturnType<typeof parseArguments<typeof specification>>["options"];

async function listenOptions(options: Chosen): Promise<CoapListenOptions> {
  const { scheme = "coap", multicast, interface: by } = options;
  if (by !== undefined && !multicast) throw new ArgumentsError("--interface is for --multicast");
  if (multicast && scheme !== "coap") throw new ArgumentsError(`--multicast is for coap, not ${scheme}`);
  const isSecured = scheme === "coaps" || scheme === "coaps+tcp";
  const surplus = (["cert", "key", "psk-identity", "psk-file"] as const).find((name) => options[name] !== undefined);
  if (surplus !== undefined && !isSecured) {
    throw new ArgumentsError(`--${surplus} needs --scheme coaps or --scheme coaps+tcp`);
  }
  switch (scheme) {
    case "coap":
      return multicast ? { groups: [{ group: allCoapNodes, interfaces: by === undefined ? [] : [by] }] } : {};
    case "coap+tcp":
      return { scheme };
    case "coaps":
      return { scheme, dtls: { backend: await loadTlsBackend("openssl"), ...(await credentials(options)) } };
    case "coaps+tcp":
      return { scheme, tls: await credentials(options) };
    default:
      throw new ArgumentsError(`--scheme takes coap, coaps, coap+tcp or coaps+tcp, not ${JSON.stringify(scheme)}`);
  }
}

/** Who it is by a certificate, or whom it lets in by a key. */
async function credentials({ cert, key = cert, "psk-identity": name, "psk-file": file }: Chosen): Promise<{
  readonly identity?: Awaited<ReturnType<typeof readIdentityFiles>>;
  readonly psk?: (identity: string) => Uint8Array | undefined;
}> {
  if (key !== undefined && cert === undefined) throw new ArgumentsError("--key needs --cert");
  if ((name === undefined) !== (file === undefined)) {
    throw new ArgumentsError("--psk-identity and --psk-file need each other");
  }
  if (cert !== undefined && key !== undefined && name === undefined) {
    return { identity: await readIdentityFiles({ certificate: cert, privateKey: key }) };
  }
  if (cert !== undefined || name === undefined || file === undefined) {
    throw new ArgumentsError("what is secured needs either --cert, or --psk-identity and --psk-file");
  }
  const shared = await readKey(file);
  return { psk: (identity) => (identity === name ? shared : undefined) };
}

/** RFC 7252 section 12.8. */
const allCoapNodes = "224.0.1.187";
