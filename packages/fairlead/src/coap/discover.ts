import { coapClient, type DiscoveredResource } from "@fairlead/iot/coap";
import { ArgumentsError, parseArguments, parsePort } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable, printableJson } from "../terminal/printable.ts";
import { openClient, securityNames, securityOptions } from "./client.ts";
import { countOf, secondsOf } from "./values.ts";

const specification = {
  options: {
    multicast: { type: "flag" },
    interface: { type: "value" },
    count: { type: "value", short: "n" },
    port: { type: "value" },
    timeout: { type: "value" },
    ...securityOptions,
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
    const { interface: by, port, count } = options;
    const surplus = securityNames.find((name) => options[name] !== undefined);
    if (surplus !== undefined) throw new ArgumentsError(`groups are asked in the clear, without --${surplus}`);
    await using client = coapClient();
    const where = { group: target, port: port === undefined ? undefined : parsePort(port), interface: by };
    const enough = { deviceLimit: count === undefined ? undefined : countOf(count), waitMilliseconds: milliseconds };
    let devices = 0;
    for await (const { url, resources } of client.discoverGroup({ ...where, ...enough, signal })) {
      devices += 1;
      tell(url, resources, options.json, surroundings);
    }
    if (devices === 0) surroundings.stderr.write("nobody has answered\n");
    return exitCodes.ok.code;
  }
  const surplus = (["interface", "port", "count"] as const).find((name) => options[name] !== undefined);
  if (surplus !== undefined) {
    throw new ArgumentsError(`--${surplus} is for --multicast`);
  }
  if (target === undefined) throw new ArgumentsError("discover needs a URL, or --multicast");
  await using opened = await openClient(target, options, surroundings);
  const { client } = opened;
  tell(
    target,
    await client.discover(target, { signal, timeoutMilliseconds: milliseconds }),
    options.json,
    surroundings,
  );
  return exitCodes.ok.code;
}

function tell(
  device: string,
  resources: readonly DiscoveredResource[],
  json: boolean,
  { stdout, stderr }: Surroundings,
): void {
  if (json) stdout.write(`${printableJson({ device, resources }, 0)}\n`);
  else if (resources.length === 0) stderr.write(`${printable(device)} lists nothing\n`);
  else stdout.write(resources.map((each) => `${describe(each)}\n`).join(""));
}

function describe({ url, target, attributes }: DiscoveredResource): string {
  const said = attributes.map(({ name, value }) => (value === undefined ? name : `${name}=${JSON.stringify(value)}`));
  return printable([url ?? target, ...said].join(" "));
}
