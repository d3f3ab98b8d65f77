import type { NetworkAccessManager } from "@fairlead/access";
import type { OAuth1Credentials } from "./credentials.ts";

/** An application and the service that it asks for tokens: where, and as whom. */
export interface OAuth1Service
  extends Pick<OAuth1Credentials, "consumerKey" | "consumerSecret" | "privateKey" | "method" | "realm"> {
  /** What asks. */
  readonly manager: NetworkAccessManager;
  /** Gives temporary credentials: an https URL; on loopback http, too. RFC 5849 section 2.1. */
  readonly requestTokenUrl: string | URL;
  /** Where the user says yes. RFC 5849 section 2.2. */
  readonly authorizationUrl: string | URL;
  /** Gives token credentials. RFC 5849 section 2.3. */
  readonly accessTokenUrl: string | URL;
  /** Milliseconds for one request; 30,000 by default. */
  readonly timeout?: number;
  readonly dangerous?: {
    /** Gets tokens over http beyond loopback: whoever is on the way reads their secrets. */
    readonly allowPlainHttp?: boolean;
  };
}
