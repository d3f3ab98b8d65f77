/** OAuth 2, OpenID Connect and, as `oauth1`, OAuth 1.0, bound to the network access manager. */
export * from "@fairlead/oauth";
export * as oauth1 from "@fairlead/oauth/oauth1";
