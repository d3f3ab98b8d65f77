import type { Authorities } from "../../authority/authorities.ts";
import { type Authority, mintAuthority } from "../../authority/authority.ts";
import { fromPem } from "../../authority/pem.ts";
import { explicit, element, integer, oid, sequence, set } from "../../authority/protocol/der.ts";
import type { NetworkContext } from "../network-context.ts";
import type { ServiceSelf, StreamDriver } from "../service-entry.ts";
import { addressOf } from "./address.ts";
import { type Answer, missing, openAnswering } from "./answering.ts";

const mediaType = "application/pkix-cert";

/** Answers by their paths: the certificate of the network's intermediate, or something else in its place. */
const answers = {
  "/intermediate.cer": ({ intermediate }) => certificate(intermediate),
  /** The same among others, as certificates alone: RFC 5280 section 4.2.2.1, RFC 5652 section 5. */
  "/intermediate.p7c": ({ intermediate, other }) => ({
    type: "file",
    mediaType: "application/pkcs7-mime",
    bytes: certificatesOnly([other, intermediate].flatMap((each) => fromPem(each.certificate))),
  }),
  /** Text, where RFC 5280 asks for DER. */
  "/intermediate.pem": ({ intermediate }) => ({ type: "file", mediaType, bytes: intermediate.certificate }),
  "/slow.cer": ({ intermediate }) => ({ type: "late", answer: certificate(intermediate) }),
  "/silent.cer": () => ({ type: "silence" }),
  "/huge.cer": () => ({ type: "flood", mediaType }),
  "/html.cer": () => ({ type: "file", mediaType: "text/html", bytes: "<p>Please log in.\n" }),
  /** Of an authority that has not issued it. */
  "/another.cer": ({ other }) => certificate(other),
  /** Of an authority that has the issuer's name and another key. */
  "/evil-twin.cer": async ({ intermediate, other }) =>
    certificate(await mintAuthority({ issuer: other, commonName: intermediate.name.slice("CN=".length) })),
  "/malformed.cer": ({ intermediate }) => {
    const [der = new Uint8Array()] = fromPem(intermediate.certificate);
    return { type: "file", mediaType, bytes: der.subarray(0, 60) };
  },
  "/redirect.cer": () => ({ type: "redirect", to: "/intermediate.cer" }),
  "/redirect-loop.cer": () => ({ type: "redirect", to: "/redirect-loop.cer" }),
} as const satisfies Readonly<Record<string, (authorities: Authorities) => Answer | Promise<Answer>>>;

/** The path of an answer. */
export type AiaPath = keyof typeof answers | "/missing.cer" | "/loop.cer";

/** Gives away the certificates of issuers. */
export function openAia(network: NetworkContext, self: ServiceSelf): StreamDriver {
  const { authorities } = network;
  return openAnswering(network, self, async ({ path }) => {
    if (path === "/loop.cer") return certificate(await nextOfLoop(network));
    return Object.hasOwn(answers, path) ? await answers[path as keyof typeof answers](authorities) : missing;
  });
}

/** An authority with the name and the key of the intermediate, issued by nobody, whose issuer is said to be here again. */
async function nextOfLoop(network: NetworkContext): Promise<Authority> {
  const { intermediate, other } = network.authorities;
  return await mintAuthority({
    sameAs: intermediate,
    issuer: { ...other, subject: intermediate.subject, keyIdentifier: intermediate.keyIdentifier },
    issuers: [addressOf(network, "aia", "/loop.cer")],
    now: network.clock.now(),
  });
}

function certificate(authority: Authority): Answer {
  const [bytes = new Uint8Array()] = fromPem(authority.certificate);
  return { type: "file", mediaType, bytes };
}

/** SignedData without data and without signatures. */
function certificatesOnly(certificates: readonly Uint8Array[]): Uint8Array {
  const data = sequence(oid("1.2.840.113549.1.7.1"));
  const signedData = sequence(integer(1), set(), data, element(0xa0, ...certificates), set());
  return sequence(oid("1.2.840.113549.1.7.2"), explicit(0, signedData));
}
