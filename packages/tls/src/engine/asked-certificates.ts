import { trustFingerprint } from "../certificates/fingerprints.ts";
import { checkedAnchors } from "../certificates/trust.ts";
import type { ClientCertificatePolicy } from "../contract.ts";
import type { EngineClientCertificates } from "./engine.ts";

/** What an engine has to know of the clients that are let in. @throws UsageError OPTION_INVALID */
export function askedCertificates({ trust, required }: ClientCertificatePolicy): EngineClientCertificates {
  // Pins are among the rules: a ticket does not tell whose key was in the path.
  return { anchors: checkedAnchors(trust), required, rules: `${trustFingerprint(trust)} ${String(required)}` };
}
