import { once } from "node:events";
import { resolve } from "node:path";
import { coapServer } from "@fairlead/iot/coap";
import { parseArguments, parsePort } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../terminal/printable.ts";
import { folderHandler } from "./folder-handler.ts";

const specification = {
  options: { host: { type: "value" }, port: { type: "value" } },
  positionals: ["[DIR]"],
} as const;

/** Serves a folder, until it is told to end. */
export async function serveFolder(args: readonly string[], { stdout, stderr, signal }: Surroundings): Promise<number> {
  const { options, positionals } = parseArguments(specification, args);
  const port = parsePort(options.port ?? "5683");
  const root = resolve(positionals[0] ?? ".");
  await using server = coapServer({
    handler: await folderHandler(root),
    onError: (error) => {
      stderr.write(`fairlead: coap serve: ${printable(error instanceof Error ? error.message : String(error))}\n`);
    },
  });
  const { url } = await server.listen({ host: options.host, port });
  stdout.write(`${printable(root)} at ${url}\nCtrl-C ends it.\n`);
  // Being ended from outside is how this command always ends.
  if (!signal.aborted) await once(signal, "abort");
  return exitCodes.ok.code;
}
