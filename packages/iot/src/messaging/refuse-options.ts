import { UsageError } from "@fairlead/core";

/**
 * Refuses settings of a library that are the network's to decide: it would open no connection by them, and whoever set
 * `rejectUnauthorized: false` is to know that.
 *
 * @throws UsageError OPTION_INVALID
 */
export function refuseOptions(given: object, group: string, names: readonly string[]): void {
  const options = given as Readonly<Record<string, unknown>>;
  const refused = names.find((name) => options[name] !== undefined);
  if (refused === undefined) return;
  throw new UsageError("OPTION_INVALID", {
    detail: `${group}.${refused}`,
    remedy: "leave it out: connections, TLS and who connects are the manager's and of connect's own options",
  });
}

/** TLS as Node's library has it, which those of brokers hand on. */
export const tlsOptions = [
  ...["rejectUnauthorized", "ca", "cert", "key", "pfx", "passphrase", "crl", "servername", "secureContext"],
  ...["checkServerIdentity", "ciphers", "minVersion", "maxVersion", "secureProtocol", "ALPNProtocols"],
] as const;
