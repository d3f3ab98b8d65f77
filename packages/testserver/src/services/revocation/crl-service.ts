import type { Authorities } from "../../authority/authorities.ts";
import { mintAuthority } from "../../authority/authority.ts";
import { toPem } from "../../authority/pem.ts";
import { mintRevocationList, type RevocationListOptions } from "../../authority/revocation.ts";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";
import { type Answer, missing, openAnswering } from "./answering.ts";

const mediaType = "application/pkix-crl";
const hour = 3_600_000;
const manyEntries = 20_000;

interface Facts {
  readonly authorities: Authorities;
  readonly now: number;
}

/** Lists by their paths, each with what the intermediate has revoked unless it says otherwise. */
const lists = {
  "/list.crl": (facts) => file(list(facts)),
  /** Revokes nothing. */
  "/empty.crl": (facts) => file(list(facts, { revoked: [] })),
  "/expired.crl": (facts) =>
    file(list(facts, { thisUpdate: facts.now - 48 * hour, nextUpdate: facts.now - 24 * hour })),
  "/not-yet-valid.crl": (facts) =>
    file(list(facts, { thisUpdate: facts.now + 24 * hour, nextUpdate: facts.now + 48 * hour })),
  /** Of an authority that has nothing to do with the certificate. */
  "/wrong-issuer.crl": (facts) => file(list(facts, { issuer: facts.authorities.other })),
  /** Of an authority that has the issuer's name and another key. */
  "/evil-twin.crl": async (facts) => {
    const { intermediate, other } = facts.authorities;
    const commonName = intermediate.name.slice("CN=".length);
    return file(list(facts, { issuer: await mintAuthority({ issuer: other, commonName }), revoked: [] }));
  },
  "/malformed.crl": (facts) => file(list(facts).subarray(0, 60)),
  /** Text, where RFC 5280 section 4.2.1.13 asks for DER. */
  "/pem.crl": (facts) => ({ type: "file", mediaType, bytes: toPem("X509 CRL", list(facts)) }),
  "/long.crl": (facts) => file(list(facts, { revoked: [...strangers(facts), ...facts.authorities.revocations.list] })),
  "/slow.crl": (facts) => ({ type: "late", answer: file(list(facts)) }),
  "/silent.crl": () => ({ type: "silence" }),
  "/huge.crl": () => ({ type: "flood", mediaType }),
  "/html.crl": () => ({ type: "file", mediaType: "text/html", bytes: "<p>Please log in.\n" }),
} as const satisfies Readonly<Record<string, (facts: Facts) => Answer | Promise<Answer>>>;

/** The path of a list. */
export type CrlPath = keyof typeof lists | "/missing.crl";

/** Gives away revocation lists of the network's intermediate. */
export function openCrl(network: NetworkContext, self: ServiceSelf): StreamDriver {
  const { authorities, clock } = network;
  return openAnswering(network, self, async ({ path }) =>
    Object.hasOwn(lists, path) ? await lists[path as keyof typeof lists]({ authorities, now: clock.now() }) : missing,
  );
}

function list({ authorities, now }: Facts, changes: Partial<RevocationListOptions> = {}): Uint8Array {
  return mintRevocationList({
    issuer: authorities.intermediate,
    revoked: authorities.revocations.list,
    now,
    ...changes,
  });
}

function strangers({ now }: Facts): RevocationListOptions["revoked"] {
  return Array.from({ length: manyEntries }, (_, index) => ({
    serialNumber: BigInt(index + 1),
    revokedAt: now - hour,
  }));
}

function file(bytes: Uint8Array): Answer {
  return { type: "file", mediaType, bytes };
}
