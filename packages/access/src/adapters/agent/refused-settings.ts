import { UsageError } from "@fairlead/core";
import type { AgentOptions as NodeAgentOptions, RequestOptions } from "node:https";
import type { Target } from "../../target.ts";

/** What a library may say of a connection that `node:http` or `node:https` would open for it. */
export type ConnectionSettings = RequestOptions & NodeAgentOptions;

const TRUST = "give the manager `tls.trust`";
const IDENTITY = "give the manager `tls.identity` or `onClientCertificate`";
const VERSIONS = "give the manager `tls.minVersion` or `tls.maxVersion`";
const JUDGEMENT = "give the manager `onCertificateError`, or pins by `tls.trust`";
const ALGORITHMS = "leave it out: the manager's TLS library chooses among what is safe";
const NAMES = "give the manager `lookup` or `resolve`, which answers for all requests";
const ADDRESS = "leave it out: the system chooses by its routes";

/** Settings that decide who is trusted, who the client is, or where it goes, and where the manager is told that. */
const REFUSED: readonly (readonly [setting: string, remedy: string])[] = [
  ["ca", TRUST],
  ["crl", TRUST],
  ["allowPartialTrustChain", TRUST],
  ["cert", IDENTITY],
  ["key", IDENTITY],
  ["pfx", IDENTITY],
  ["passphrase", IDENTITY],
  ["privateKeyEngine", IDENTITY],
  ["privateKeyIdentifier", IDENTITY],
  ["pskCallback", IDENTITY],
  ["secureContext", `${TRUST}; and ${IDENTITY}`],
  ["checkServerIdentity", JUDGEMENT],
  ["minVersion", VERSIONS],
  ["maxVersion", VERSIONS],
  ["secureProtocol", VERSIONS],
  ["secureOptions", VERSIONS],
  ["ciphers", ALGORITHMS],
  ["ecdhCurve", ALGORITHMS],
  ["sigalgs", ALGORITHMS],
  ["dhparam", ALGORITHMS],
  ["lookup", NAMES],
  ["family", NAMES],
  ["localAddress", ADDRESS],
  ["localPort", ADDRESS],
];

/**
 * What a request is refused with that sets by itself what is the manager's to decide; `undefined` when it does not. What
 * it asked for is not done, so that it must not seem to be: `rejectUnauthorized: false` least of all, and nor a list of
 * authorities, or a `lookup` that keeps the program away from some addresses.
 */
export function refuseSettings(settings: ConnectionSettings, target: Target): UsageError | undefined {
  const refused = (detail: string, remedy: string): UsageError =>
    new UsageError("OPTION_INVALID", { peer: target.peer, operation: "request", detail, remedy });
  if (settings.rejectUnauthorized === false) {
    const remedy = `${JUDGEMENT}; for tests there is \`tls.dangerous.acceptAnyCertificate\``;
    return refused("rejectUnauthorized: false on a request of an agent", remedy);
  }
  const { servername = "" } = settings;
  if (servername !== "" && servername.toLowerCase() !== target.host) {
    return refused("servername on a request of an agent", "put into the URL the name that is to be verified");
  }
  const given = settings as Readonly<Record<string, unknown>>;
  for (const [setting, remedy] of REFUSED) {
    // Libraries set what they were not told to `undefined`, and the family of addresses to 0.
    if ((given[setting] ?? 0) === 0 || isDoneAnyway(setting, given[setting])) continue;
    return refused(`${setting} on a request of an agent`, remedy);
  }
  return undefined;
}

/** Some libraries name what everybody does who names nothing. */
function isDoneAnyway(setting: string, value: unknown): boolean {
  return setting === "checkServerIdentity" && value === process.getBuiltinModule("node:tls").checkServerIdentity;
}
