/**
 * Whether an address is that of a group, or of all on a network: whoever has a proxy ask it has many answer at once.
 *
 * @param host name or literal, an IPv6 one without brackets.
 */
export function isGroupAddress(host: string): boolean {
  return /^(?:::ffff:)?(?:22[4-9]|23\d|255)\.|^::ffff:(?:e[\da-f]{3}|ff[\da-f]{2}):|^ff[\da-f]{2}:/i.test(host);
}
