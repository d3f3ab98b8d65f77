/** Errors and vocabulary that every Fairlead package shares. Pure: no I/O, no clock, no randomness. */
export * from "./certificate-problem-codes.ts";
export * from "./coded-error.ts";
export * from "./error-codes.ts";
export * from "./errors.ts";
export type { ClientCertificateRequest, KeyType } from "./client-certificate-request.ts";
