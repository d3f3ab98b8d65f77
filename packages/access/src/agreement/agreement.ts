import type { CertificateQuestion, ClientCertificateRequest } from "@fairlead/tls";
import type { ClientIdentity, ConnectionTerms } from "./connection-terms.ts";

/** Chooses who the client is; `null` is nobody. */
export type ChooseIdentity = (request: ClientCertificateRequest) => Promise<ClientIdentity | null>;

/** Lets a certificate in, or not, at once: a question to anybody comes after the connection is over. */
export type JudgeCertificate = (question: CertificateQuestion) => "accept" | "refuse";

/** What a hop has agreed on with the application, and how it asks for more. */
export interface Agreement {
  readonly terms: ConnectionTerms;
  readonly chooseIdentity: ChooseIdentity | undefined;
  /** Decides about a certificate that verification refuses. */
  readonly judgeCertificate: JudgeCertificate | undefined;
}
