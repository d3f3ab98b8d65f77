import { once } from "node:events";
import { resolve } from "node:path";
import { ArgumentsError, parseArguments, parsePort } from "../arguments.ts";
import type { Command } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";

const usage = `Usage: fairlead serve [DIR] [OPTIONS]

Serves the files below a directory, by default the current one, to this machine
only, until Ctrl-C. Names that begin with a dot are not there, and nothing is
that a link leads to outside. What is under way when it ends may take five
seconds more; a second Ctrl-C does not wait.

      --port PORT   8080 by default; with 0 the system chooses
      --host HOST   listen on this address; 0.0.0.0 or :: lets everybody in
      --cert FILE   serve https by the certificate, and its chain, of this PEM
                    file; plain http is sent to https
      --key FILE    the certificate's private key, in PEM; by default it is in
                    the file of --cert
      --listing     list directories that have no index.html`;

const specification = {
  options: {
    port: { type: "value" },
    host: { type: "value" },
    cert: { type: "value" },
    key: { type: "value" },
    listing: { type: "flag" },
  },
  positionals: ["[DIR]"],
} as const;

const graceMilliseconds = 5_000;

/** The command `fairlead serve`. */
export const serve: Command = {
  usage,
  run: async (args, { stdout, stderr, signal }) => {
    const { options, positionals } = parseArguments(specification, args);
    const { cert, key = cert, listing } = options;
    const port = parsePort(options.port ?? "8080");
    if (key !== undefined && cert === undefined) throw new ArgumentsError("--key needs --cert");
    const root = resolve(positionals[0] ?? ".");
    const server = await import("@fairlead/server");
    const { readIdentityFiles } = await import("../identity-files.ts");
    const { printable } = await import("../terminal/printable.ts");
    const running = await server.serve({
      fetch: server.staticFiles({ root, listing, precompressed: true }),
      plugins: [server.compression()],
      port,
      host: options.host ?? (cert === undefined ? undefined : "localhost"),
      tls:
        cert === undefined || key === undefined
          ? undefined
          : { identity: await readIdentityFiles({ certificate: cert, privateKey: key }) },
      onError: (error) => {
        stderr.write(`fairlead: serve: ${printable(error instanceof Error ? error.message : String(error))}\n`);
      },
    });
    try {
      stdout.write(`${printable(root)} at ${running.url ?? ""}\nCtrl-C ends it.\n`);
      // Being ended from outside is how this command always ends.
      if (!signal.aborted) await once(signal, "abort");
    } finally {
      await running.close({ graceMilliseconds });
    }
    return exitCodes.ok.code;
  },
};
