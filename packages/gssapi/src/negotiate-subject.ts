import type { AuthenticatedService, UserCredentials } from "@fairlead/http/authentication";
import type { NegotiateOptions } from "./options.ts";

/** What one conversation is about. */
export interface NegotiateSubject {
  /** `undefined` for a ticket that is there. */
  readonly user: UserCredentials | undefined;
  readonly service: AuthenticatedService;
  readonly options: NegotiateOptions;
}
