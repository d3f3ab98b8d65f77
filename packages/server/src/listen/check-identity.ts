import { createPrivateKey, X509Certificate } from "node:crypto";
import { UsageError } from "@fairlead/core";
import type { TlsIdentity } from "@fairlead/tls";

/**
 * Makes sure that a certificate is one and that the key is its own, before anybody waits for a handshake that must fail.
 *
 * @throws UsageError OPTION_INVALID, with nothing of the key.
 */
export function checkIdentity({ certificate, privateKey }: TlsIdentity): void {
  const remedy = "give PEM: the certificate with its intermediates, and the private key that belongs to it";
  const invalid = (detail: string): UsageError =>
    new UsageError("OPTION_INVALID", { operation: "listen", detail, remedy });
  let belongs: boolean;
  try {
    belongs = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey));
  } catch {
    throw invalid("tls.identity is no certificate with its key");
  }
  if (!belongs) throw invalid("the key of tls.identity is not that of its certificate");
}
