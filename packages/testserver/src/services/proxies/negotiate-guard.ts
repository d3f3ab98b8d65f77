import type { KerberosOptions } from "../../endpoints/authentication/kerberos-options.ts";
import { guardAgainstAll, type ProxyGuard } from "./guard.ts";

/** Lets pass who logs in by Kerberos with one token, RFC 4559; nobody where the network has no key for that. */
export async function guardByNegotiate(kerberos: KerberosOptions | undefined): Promise<ProxyGuard> {
  const refuse = guardAgainstAll("Negotiate");
  if (kerberos === undefined) return refuse;
  const { acceptNegotiate } = await import("@fairlead/gssapi");
  return (request) => {
    const token = /^negotiate +([\w+/]+=*)$/i.exec(request.headers["proxy-authorization"] ?? "")?.[1];
    if (token === undefined) return refuse(request);
    try {
      using conversation = acceptNegotiate(kerberos);
      const acceptance = conversation.accept(Buffer.from(token, "base64"));
      return acceptance.type === "done" ? { type: "admitted" } : refuse(request);
    } catch {
      // There is no library for it, or no such key.
      return refuse(request);
    }
  };
}
