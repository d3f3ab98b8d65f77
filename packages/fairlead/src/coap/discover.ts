import { coapClient, type DiscoveredResource } from "@fairlead/iot/coap";
import { ArgumentsError, parseArguments } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable, printableJson } from "../terminal/printable.ts";
import { openClient } from "./client.ts";
import { secondsOf } from "./values.ts";

const specification = {
  options: {
    multicast: { type: "flag" },
    timeout: { type: "value" },
    "psk-identity": { type: "value" },
    "psk-file": { type: "value" },
    cacert: { type: "value" },
    json: { type: "flag" },
  },
  positionals: ["[URL]"],
} as const;

/** Lists what a device has, or those of a group. */
export async function discover(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { options, positionals } = parseArguments(specification, args);
  const [target] = positionals;
  const { signal } = surroundings;
  const milliseconds = secondsOf(options.timeout);
  if (options.multicast) {
    await using client = coapClient();
    const asking = { group: target, waitMilliseconds: milliseconds, signal };
    for await (const { url, resources } of client.discoverGroup(asking)) {
      tell(url, resources, options.json, surroundings);
    }
    return exitCodes.ok.code;
  }
  if (target === undefined) throw new ArgumentsError("discover needs a URL, or --multicast");
  await using client = await openClient(target, options, surroundings);
  tell(
    target,
    await client.discover(target, { signal, timeoutMilliseconds: milliseconds }),
    options.json,
    surroundings,
  );
  return exitCodes.ok.code;
}

function tell(device: string, resources: readonly DiscoveredResource[], json: boolean, { stdout }: Surroundings): void {
  if (json) stdout.write(`${printableJson({ device, resources }, 0)}\n`);
  else stdout.write(resources.map((each) => `${describe(each)}\n`).join(""));
}

function describe({ url, target, attributes }: DiscoveredResource): string {
  const said = attributes.map(({ name, value }) => (value === undefined ? name : `${name}=${JSON.stringify(value)}`));
  return printable([url ?? target, ...said].join(" "));
}
