import type { OnClientCertificate } from "@fairlead/access";
import type { TlsIdentity } from "@fairlead/tls";

/** Shows it to this origin, and to nobody else: a redirect may lead anywhere. */
export function onlyTo(origin: string, identity: TlsIdentity): OnClientCertificate {
  return (question) => (question.origin === origin ? { type: "identity", identity } : { type: "none" });
}
