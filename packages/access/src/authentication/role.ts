/** The fields by which one who asks, and one who is asked, speak. */
export interface AuthenticationRole {
  readonly name: "origin" | "proxy";
  readonly status: number;
  /** All in lower case. */
  readonly challengeField: string;
  readonly credentialsField: string;
  readonly infoField: string;
}

/** Who answers a request. RFC 9110 section 11.6. */
export const ORIGIN_ROLE: AuthenticationRole = {
  name: "origin",
  status: 401,
  challengeField: "www-authenticate",
  credentialsField: "authorization",
  infoField: "authentication-info",
};

/** Who passes it on. RFC 9110 section 11.7. */
export const PROXY_ROLE: AuthenticationRole = {
  name: "proxy",
  status: 407,
  challengeField: "proxy-authenticate",
  credentialsField: "proxy-authorization",
  infoField: "proxy-authentication-info",
};
