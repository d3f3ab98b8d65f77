import type { Exchange } from "../exchange/index.ts";

/**
 * Makes what answers plain requests on a port for TLS: 308 to the same URL with https, for hosts that the server has a
 * certificate for, and 400 for all others, so that nobody is sent to a host that somebody else has written into a link.
 *
 * @param isOurs whether the server shows a certificate for a host, a name or an IP literal without brackets.
 * @see RFC 9110 section 15.4.9
 */
export function redirectToHttps(isOurs: (host: string) => Promise<boolean>): (exchange: Exchange) => void {
  return (exchange) => {
    const { authority, path } = exchange.head;
    const host = hostOf(authority);
    const answer = (isOur: boolean): void => {
      const target = `https://${authority.toLowerCase()}${path === "*" ? "/" : path}`;
      if (isOur) exchange.respond({ status: 308, fields: ["location", target] }, undefined);
      else exchange.respond({ status: 400, fields: ["content-type", "text/plain"] }, "This port speaks TLS: use https");
    };
    if (host === undefined) answer(false);
    else isOurs(host).then(answer, () => answer(false));
  };
}

/** Of `host`, `host:port` or `[address]:port`, in characters that are only that in a URL. */
function hostOf(authority: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([\da-f:.]+)\]|([a-z\d._-]+))(?::\d{1,5})?$/i.exec(authority) ?? [];
  return (bracketed ?? plain)?.toLowerCase();
}
