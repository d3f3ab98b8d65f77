import type { IncomingHttpHeaders } from "node:http";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf } from "../service-entry.ts";

/** Notes what a proxy was asked, with the scheme of the credentials that came, and never what they were. */
export function recordAsked(
  network: NetworkContext,
  self: ServiceSelf,
  asked: {
    readonly connection: number;
    readonly method: string;
    readonly target: string;
    readonly headers?: IncomingHttpHeaders;
  },
): void {
  const { connection, method, target, headers } = asked;
  const credentials = /^[\w-]{1,40}/.exec(headers?.["proxy-authorization"] ?? "")?.[0];
  network.traffic.add({
    ...{ type: "request", service: self.name, connection, method, target: withoutUserinfo(target) },
    ...(credentials !== undefined && { credentials }),
  });
}

/** Names and passwords in a URL are nobody's business; neither is a target without end. */
function withoutUserinfo(target: string): string {
  return target.slice(0, 2000).replace(/^([a-z][\w+.-]*:\/\/)[^/?#]*@/i, "$1");
}
