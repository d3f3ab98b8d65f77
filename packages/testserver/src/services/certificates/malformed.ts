import { goodNames } from "../../authority/authorities.ts";
import { type CertificateOptions, mintCertificate } from "../../authority/authority.ts";
import type { StreamServiceEntry } from "../service-entry.ts";
import { handmadeService } from "../tls/handmade-service.ts";

/** Changes the elements of a certificate before they are signed. */
export type Change = NonNullable<CertificateOptions["change"]>;

/** A service that shows a certificate that is good but for a change. TLS is written by hand, since no library shows it. */
export function changed<const Name extends string>(name: Name, does: string, change: Change): StreamServiceEntry<Name> {
  return changedByTime(name, does, () => change);
}

/** The same, for a change that goes by the network's time in milliseconds since the epoch. */
export function changedByTime<const Name extends string>(
  name: Name,
  does: string,
  changeAt: (now: number) => Change,
): StreamServiceEntry<Name> {
  return minted(name, does, (now) => ({ change: changeAt(now) }));
}

/** The same, for a change of the signature. */
export function signed<const Name extends string>(
  name: Name,
  does: string,
  spoil: (signature: Uint8Array) => Uint8Array,
): StreamServiceEntry<Name> {
  return minted(name, does, () => ({}), spoil);
}

function minted<const Name extends string>(
  name: Name,
  does: string,
  optionsAt: (now: number) => Pick<CertificateOptions, "change">,
  spoil: (signature: Uint8Array) => Uint8Array = (signature) => signature,
): StreamServiceEntry<Name> {
  return handmadeService({
    ...{ name, does, script: {} },
    mint: ({ intermediate }, now) =>
      mintCertificate({
        issuer: { ...intermediate, sign: (bytes) => spoil(intermediate.sign(bytes)) },
        ...{ names: goodNames, commonName: "a.fairlead.test", now },
        ...optionsAt(now),
      }),
  });
}
