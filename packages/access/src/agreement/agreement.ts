import type { ClientCertificateRequest } from "@fairlead/tls";
import type { ClientIdentity, ConnectionTerms } from "./connection-terms.ts";

/** Chooses who the client is; `null` is nobody. */
export type ChooseIdentity = (request: ClientCertificateRequest) => Promise<ClientIdentity | null>;

/** What a hop has agreed on with the application, and how it asks for more. */
export interface Agreement {
  readonly terms: ConnectionTerms;
  readonly chooseIdentity: ChooseIdentity | undefined;
}
