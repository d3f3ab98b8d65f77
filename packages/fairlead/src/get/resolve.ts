import { lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { domainToASCII } from "node:url";
import { ArgumentsError } from "../arguments.ts";

/**
 * Reads the values of `--resolve`: `HOST:ADDRESS`, an IPv6 address with or without brackets.
 *
 * @returns addresses by host: A-labels in lower case.
 * @throws ArgumentsError
 */
export function parseResolve(values: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    values.map((value) => {
      const colon = value.indexOf(":");
      const host = domainToASCII(value.slice(0, Math.max(0, colon)));
      const address = value.slice(colon + 1).replace(/^\[(.*)\]$/, "$1");
      if (host === "" || isIP(address) === 0) {
        throw new ArgumentsError(
          `--resolve takes HOST:ADDRESS, such as a.example:127.0.0.1, not ${JSON.stringify(value)}`,
        );
      }
      return [host, address] as const;
    }),
  );
}

/** Looks up names in a table first, and asks the system for those that it does not have. */
export function lookUpFirstIn(addresses: ReadonlyMap<string, string>): LookupFunction {
  return (hostname, options, callback) => {
    const address = addresses.get(hostname.toLowerCase());
    if (address === undefined) {
      systemLookup(hostname, options, callback);
      return;
    }
    const family = isIP(address);
    if (options.all === true) process.nextTick(callback, null, [{ address, family }]);
    else process.nextTick(callback, null, address, family);
  };
}
