import { ArgumentsError, parseArguments } from "../arguments.ts";
import type { Command } from "../command.ts";

const usage = `Usage: fairlead connectivity [OPTIONS]

Tells whether this machine is offline, has a local network, stands before a
captive portal, or is online. Without a URL to ask nothing is sent, and it is
no more than offline or local.

      --probe-url URL   ask for this http URL, which is known to answer with
                        204, in the clear: whoever is in between answers in its
                        place. No cookies, credentials or redirects
      --api-url URL     ask the captive portal's API (RFC 8908), the https URL
                        that DHCP or a router gave (RFC 8910)
      --timeout SECONDS give up after this time; 10 by default
      --json            print one JSON object; with --watch one a line
      --watch           go on, and print a line for each change

      --cacert FILE     trust the certificates of this PEM file, and no others
      --resolve HOST:ADDRESS
                        connect to this address for the host; may be repeated

Exits with 0 when online, 11 before a captive portal, 12 when offline or without
a verdict.`;

const specification = {
  options: {
    "probe-url": { type: "value" },
    "api-url": { type: "value" },
    timeout: { type: "value" },
    json: { type: "flag" },
    watch: { type: "flag" },
    cacert: { type: "value" },
    resolve: { type: "values" },
  },
  positionals: [],
} as const;

/** The command `fairlead connectivity`. */
export const connectivity: Command = {
  usage,
  run: async (args, surroundings) => {
    const { options } = parseArguments(specification, args);
    const { parseMilliseconds } = await import("../get/plan.ts");
    const { parseResolve } = await import("../get/resolve.ts");
    const plan = {
      probeUrl: checkUrl("probe-url", options["probe-url"], "http:"),
      apiUrl: checkUrl("api-url", options["api-url"], "https:"),
      timeoutMilliseconds: parseMilliseconds(options.timeout ?? "10"),
      anchorsFile: options.cacert,
      addresses: parseResolve(options.resolve),
      json: options.json,
      watch: options.watch,
    };
    const { performConnectivity } = await import("../connectivity/perform.ts");
    return performConnectivity(plan, surroundings);
  },
};

function checkUrl(option: string, given: string | undefined, protocol: string): URL | undefined {
  const url = given === undefined ? undefined : URL.parse(given);
  if (url === undefined || (url?.protocol === protocol && url.username === "" && url.password === "")) return url;
  throw new ArgumentsError(`--${option} takes ${protocol}//host/path`);
}
