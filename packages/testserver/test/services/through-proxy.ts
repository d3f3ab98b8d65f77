import assert from "node:assert/strict";
import type { ServiceName } from "@fairlead/testserver";
import type { OutsideCheck, ServiceCheck } from "../describe-services.ts";
import type { Outcome } from "../outside.ts";

/** A URL of the network, by a name that the proxy has to resolve. */
export function urlOf({ network }: ServiceCheck, name: ServiceName, path = "/json"): string {
  const { scheme, port } = network.service(name);
  return `${scheme}://a.fairlead.test:${port}${path}`;
}

/** `curl` by way of the proxy: its address is put behind the options. */
export function through(check: ServiceCheck, url: string, ...options: readonly string[]): Promise<Outcome> {
  const { service, caFile } = check;
  const { scheme, host, port } = service;
  const proxyScheme = scheme === "socks5" ? "socks5h" : scheme === "socks4" ? "socks4a" : scheme;
  const proxy = `${proxyScheme}://${proxyScheme === "https" ? "localhost" : host}:${port}`;
  return check.curl("--proxy-cacert", caFile, "-x", proxy, ...options, url);
}

/** What becomes of a request to the service https by way of a proxy: curl's exit code, and what it says. */
export function outcome(code: number, says: RegExp, ...options: readonly string[]): OutsideCheck {
  return {
    by: ["curl"],
    check: async (check) => {
      const { code: found, output } = await through(check, urlOf(check, "https"), ...options);
      assert.match(output, says);
      assert.equal(found, code);
    },
  };
}

/** The request arrives. */
export function arrives(...options: readonly string[]): OutsideCheck {
  return outcome(0, /"service":"fairlead test network"/, ...options);
}

/** Nothing comes until the client gives up; before that, what came is this. */
export function stalls(sent: RegExp, ...options: readonly string[]): OutsideCheck {
  return {
    by: ["curl"],
    check: async (check) => {
      const { code, output } = await through(check, urlOf(check, "https"), "-v", "--max-time", "0.5", ...options);
      // 28: the deadline.
      assert.equal(code, 28);
      assert.match(output, sent);
    },
  };
}
