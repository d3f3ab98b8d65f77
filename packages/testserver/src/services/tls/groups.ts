import type { StreamServiceEntry } from "../service-entry.ts";
import { httpsService } from "./https-service.ts";

/** Services of one group of key exchange each. */
export const groupServices = [
  groupService("https-group-p256", "P-256"),
  groupService("https-group-p384", "P-384"),
  groupService("https-group-p521", "P-521"),
  groupService("https-group-x25519", "X25519"),
  groupService("https-group-x448", "X448"),
  groupService("https-group-ffdhe2048", "ffdhe2048", "the finite field group ffdhe2048 (RFC 7919) in TLS 1.3"),
  groupService("https-group-brainpool", "brainpoolP256r1", "the curve brainpoolP256r1 in TLS 1.2"),
  groupService(
    "https-group-mlkem768",
    "X25519MLKEM768",
    "X25519MLKEM768, which withstands quantum computers, in TLS 1.3",
  ),
  httpsService({
    name: "https-hello-retry",
    does: "asks for another key share (HelloRetryRequest) whoever does not begin with P-521",
    tls: () => ({ minVersion: "TLSv1.3", ecdhCurve: "P-521" }),
  }),
] as const;

function groupService<const Name extends string>(
  name: Name,
  ecdhCurve: string,
  what = ecdhCurve,
): StreamServiceEntry<Name> {
  return httpsService({ name, does: `agrees on keys by ${what}, and by nothing else`, tls: () => ({ ecdhCurve }) });
}
