/** What a gateway between two connections has to see to, as pure rules: RFC 9110 section 7.6, RFC 9209. */
export * from "./end-to-end-fields.ts";
export * from "./proxy-status.ts";
export * from "./via.ts";
