/** What the two sides agree on. MS-NLMP section 2.2.2.5. */
export const negotiateFlags = {
  unicode: 0x0000_0001,
  requestTarget: 0x0000_0004,
  ntlm: 0x0000_0200,
  alwaysSign: 0x0000_8000,
  extendedSessionSecurity: 0x0008_0000,
  targetInfo: 0x0080_0000,
  version: 0x0200_0000,
  key128: 0x2000_0000,
} as const;

/**
 * What is asked for. Target information comes unasked, from every server that has it. Nothing is signed or sealed
 * afterwards, so no session key is exchanged. `version` is there because servers refuse a message that does not say its
 * version.
 */
export const wantedFlags =
  negotiateFlags.unicode |
  negotiateFlags.requestTarget |
  negotiateFlags.ntlm |
  negotiateFlags.alwaysSign |
  negotiateFlags.extendedSessionSecurity |
  negotiateFlags.version |
  negotiateFlags.key128;

/** What is agreed to, where the server offers it. */
export const acceptedFlags = wantedFlags | negotiateFlags.targetInfo;

/** A VERSION: it is read by people only, so it says nothing of this machine. MS-NLMP section 2.2.2.10. */
export const version: Uint8Array = Uint8Array.of(10, 0, 0x7c, 0x4f, 0, 0, 0, 15);

/** How every message begins. */
export const signature: Uint8Array = new TextEncoder().encode("NTLMSSP\0");
