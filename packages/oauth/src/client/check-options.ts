import { UsageError } from "@fairlead/core";
import type { webcrypto } from "node:crypto";
import type { OAuthClientOptions } from "./options.ts";

/** Algorithms of keys by which a client can sign that it is one. RFC 7518 section 3, RFC 8037 */
const signingAlgorithms: ReadonlySet<string> = new Set(["ECDSA", "Ed25519", "RSA-PSS", "RSASSA-PKCS1-v1_5"]);

/** Finds out whether the options can be, but for the issuer. @throws UsageError OPTION_INVALID */
export function checkOptions(options: OAuthClientOptions): void {
  const detail = optionProblem(options);
  if (detail !== undefined) throw new UsageError("OPTION_INVALID", { operation: "open OAuth client", detail });
}

function optionProblem({
  clientId,
  authentication = { type: "none" },
  clockToleranceSeconds = 30,
}: OAuthClientOptions): string | undefined {
  if (clientId === "") return "clientId is empty";
  if (!Number.isFinite(clockToleranceSeconds) || clockToleranceSeconds < 0) return "clockToleranceSeconds is no time";
  switch (authentication.type) {
    case "secret-basic":
    case "secret-post":
      return authentication.secret === "" ? "authentication.secret is empty" : undefined;
    case "private-key":
      return canSign(authentication.key) ? undefined : "authentication.key cannot sign";
    case "none":
    case "certificate":
      return undefined;
  }
}

function canSign({ type, usages, algorithm }: webcrypto.CryptoKey): boolean {
  return type === "private" && usages.includes("sign") && signingAlgorithms.has(algorithm.name);
}
