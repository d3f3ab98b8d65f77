import { hostNames } from "../host-names.ts";
import { type Authority, mintAuthority, mintCertificate, type MintedIdentity } from "./authority.ts";
import type { RevokedCertificate } from "./protocol/revocation-list.ts";

/** The names that the good certificate is for. */
export const goodNames: readonly string[] = ["localhost", "127.0.0.1", "::1", ...hostNames];

/** The authorities of one network. They are valid from 1970 to 2049, wherever its clock is put. */
export interface Authorities {
  /** The trust anchor. */
  readonly root: Authority;
  /** Below the root; signs the leaves. */
  readonly intermediate: Authority;
  /** A root that has nothing to do with the other. */
  readonly other: Authority;
  /** What the intermediate has revoked. */
  readonly revocations: Revocations;
}

const revocationLimit = 1000;

/** The latest certificates that an authority has revoked. */
export class Revocations {
  readonly #revokedAt = new Map<bigint, number>();

  /** Revokes a certificate at a moment, milliseconds since the epoch. */
  add(serialNumber: bigint, revokedAt: number): void {
    this.#revokedAt.set(serialNumber, revokedAt);
    for (const [oldest] of this.#revokedAt) if (this.#revokedAt.size > revocationLimit) this.#revokedAt.delete(oldest);
  }

  /** When it was revoked; `undefined` if it was not. */
  find(serialNumber: bigint): number | undefined {
    return this.#revokedAt.get(serialNumber);
  }

  get list(): readonly RevokedCertificate[] {
    return [...this.#revokedAt].map(([serialNumber, revokedAt]) => ({ serialNumber, revokedAt }));
  }
}

/** Mints the authorities of one network. */
export async function mintAuthorities(): Promise<Authorities> {
  const always = { notBefore: new Date(0), notAfter: new Date(Date.UTC(2049, 11, 31)) };
  const other = mintAuthority({ ...always, commonName: "Fairlead Other Test Root" });
  const root = await mintAuthority(always);
  const intermediate = await mintAuthority({ ...always, issuer: root });
  return { root, intermediate, other: await other, revocations: new Revocations() };
}

/** A certificate that is right in every way at a moment, milliseconds since the epoch. */
export function mintGood({ intermediate }: Authorities, now: number): Promise<MintedIdentity> {
  return mintCertificate({ issuer: intermediate, names: goodNames, now });
}
