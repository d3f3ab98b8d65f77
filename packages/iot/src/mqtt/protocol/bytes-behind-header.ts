/**
 * Reads from a packet's fixed header how many bytes follow it: seven bits of each of four bytes at most, the lowest first.
 *
 * @param header what has come of it
 * @returns `undefined` while more of it is to come; infinity for a fifth byte of length
 *
 * @see MQTT 5.0 sections 1.5.5 and 2.1.4
 */
export function bytesBehindMqttHeader(header: readonly number[]): number | undefined {
  const [, ...length] = header;
  const last = length.at(-1) ?? 0x80;
  if (last < 0x80) return length.reduce((sum, byte, place) => sum + (byte & 0x7f) * 2 ** (7 * place), 0);
  return length.length < 4 ? undefined : Number.POSITIVE_INFINITY;
}
