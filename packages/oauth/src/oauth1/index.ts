/** OAuth 1.0. RFC 5849. */
export {};
