import type { PeerJudge } from "../verdict/judge-peer.ts";
import type { SecureContexts } from "./secure-contexts.ts";
import type { WithheldCertificates } from "./withheld-certificates.ts";

/** What all connections of one backend share. */
export interface NodeTlsParts {
  readonly contexts: SecureContexts;
  readonly judge: PeerJudge;
  readonly withheld: WithheldCertificates;
}
