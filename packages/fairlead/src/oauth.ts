/** OAuth 2, OpenID Connect and OAuth 1, bound to the network access manager. */
export * from "@fairlead/oauth";
