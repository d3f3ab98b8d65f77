import { UsageError } from "@fairlead/core";

/**
 * Refuses settings of TLS that a library hands on with a connection: they are Node's, nobody here would honour them, and
 * `rejectUnauthorized: false` would be a surprise if it did, and a greater one if it did not.
 *
 * @throws UsageError OPTION_INVALID
 */
export function refuseForeignOptions(options: Readonly<Record<string, unknown>>): void {
  const weakened = options["rejectUnauthorized"] === false ? "rejectUnauthorized" : undefined;
  const given = weakened ?? foreign.find((name) => options[name] !== undefined && options[name] !== null);
  if (given === undefined) return;
  throw new UsageError("OPTION_INVALID", {
    detail: `${given}, of the library's own TLS settings`,
    remedy: "give trust, identity, versions and what is dangerous to the adapter",
  });
}

/** Of node:tls; those that cannot weaken or change anything here are left out. */
const foreign = [
  ...["ca", "cert", "key", "pfx", "passphrase", "crl", "secureContext", "secureProtocol", "secureOptions"],
  ...["checkServerIdentity", "ciphers", "ecdhCurve", "sigalgs", "minVersion", "maxVersion", "pskCallback", "dhparam"],
] as const;
