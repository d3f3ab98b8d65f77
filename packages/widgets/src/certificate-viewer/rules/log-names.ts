/**
 * The name of a Certificate Transparency log, from the published lists of logs; `undefined` for one that is not in them,
 * and for those whose certificates have all expired. It says who a log claims to be: no signature is checked here.
 *
 * @param log SHA-256 of its public key, hexadecimal.
 * @see RFC 6962 section 3.2
 */
export function logName(log: string): string | undefined {
  return log.length === 64 ? names.get(log.slice(0, 16).toLowerCase()) : undefined;
}

/** By the first eight bytes: none of them are alike, and a name is for orientation only. */
const names: ReadonlyMap<string, string> = new Map([
  ["ccfb0f6a85710965", "Cloudflare Nimbus2025"],
  ["cb38f715897c84a1", "Cloudflare Nimbus2026"],
  ["499c9b69de1d7cec", "DigiCert Sphinx2026h1"],
  ["944e4387faecc1ef", "DigiCert Sphinx2026h2"],
  ["6411c46ca412eca7", "DigiCert Wyvern2026h1"],
  ["c2317e574519a345", "DigiCert Wyvern2026h2"],
  ["ef9d04422e20b432", "Geomys Tuscolo2025h2"],
  ["717e95f3c2388a6d", "Geomys Tuscolo2026h1"],
  ["46af863d3b3ee59f", "Geomys Tuscolo2026h2"],
  ["12f14e34bd53724c", "Google Argon2025h2"],
  ["0e5794bcf3aea93e", "Google Argon2026h1"],
  ["d76d7d10d1a7f577", "Google Argon2026h2"],
  ["dddcca3495d7e116", "Google Xenon2025h2"],
  ["969764bf555897ad", "Google Xenon2026h1"],
  ["d809553b944f7aff", "Google Xenon2026h2"],
  ["0de1f2302bd30dc1", "Let's Encrypt Oak2025h2"],
  ["1986d4c728aa6ffe", "Let's Encrypt Oak2026h1"],
  ["acab30706cebec84", "Let's Encrypt Oak2026h2"],
  ["0d1dbc8944e9f500", "Sectigo Elephant2025h2"],
  ["d16ea9a568077e66", "Sectigo Elephant2026h1"],
  ["af67883b57b04edd", "Sectigo Elephant2026h2"],
  ["604c9aaf7a7f775f", "Sectigo Elephant2027h1"],
  ["a2490cdcdb8e33a4", "Sectigo Elephant2027h2"],
  ["252f94c22b29e96e", "Sectigo Mammoth2026h1"],
  ["94b1c18ab0d057c4", "Sectigo Mammoth2026h2"],
  ["566cd5a376be83df", "Sectigo Sabre2026h1"],
  ["1f56d1ab94704a41", "Sectigo Sabre2026h2"],
  ["74db9d58f7d47e9d", "TrustAsia log2026a"],
  ["25b7efdea1130193", "TrustAsia log2026b"],
]);
