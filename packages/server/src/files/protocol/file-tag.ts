/** What is known of a file without reading it; times in milliseconds since the epoch, with fractions. */
export interface FileFacts {
  readonly size: number;
  /** When its bytes were last changed, as anybody may set it. */
  readonly mtimeMs: number;
  /** When it was last changed at all, as only the system sets it. */
  readonly ctimeMs: number;
}

/** A file that has rested so long is another if its times are. FAT tells two seconds apart, and nothing else as few. */
const REST_MILLISECONDS = 2_000;

/** Whether a file may have changed, or change, without its times telling. */
export function isAtRest({ ctimeMs }: FileFacts, now: number): boolean {
  return now - ctimeMs >= REST_MILLISECONDS;
}

/**
 * The entity tag of a file: its size, and when it was changed by both clocks that a file has. The time that the system
 * keeps is among them because the other is often set back: packages and images of containers give all their files one
 * date. The price is that another machine with a copy of the file has another tag.
 *
 * It is strong, as nothing can write to a file without that time. Only the clock's grain could hide a change, and a file
 * that was changed just now has a weak tag of its own, which the strong one later is no match for.
 *
 * @param coding of a representation that was coded beforehand.
 * @see RFC 9110 sections 8.8.1 and 8.8.3
 */
export function fileTag(facts: FileFacts, coding: string | undefined, now: number): string {
  const micros = (milliseconds: number): string => Math.round(milliseconds * 1_000).toString(36);
  const parts = [facts.size.toString(36), micros(facts.mtimeMs), micros(facts.ctimeMs)];
  if (coding !== undefined) parts.push(coding);
  return isAtRest(facts, now) ? `"${parts.join("-")}"` : `W/"${parts.join("-")}-new"`;
}
