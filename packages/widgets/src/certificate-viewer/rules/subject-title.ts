/**
 * The name by which a certificate is called in a list: its common name, where there is exactly one, else all of the
 * subject. It is for orientation only; distinguished names are not escaped, so that a value may look like another.
 */
export function subjectTitle(subject: string): string {
  // A field of 64 KiB is no name to be called by.
  const near = subject.slice(0, 1_024);
  const found = [...near.matchAll(/(?:^|, |\+)CN=(.*?)(?=(?:, |\+)[A-Za-z\d.]+=|$)/gsu)];
  const name = found.length === 1 ? found[0]?.[1]?.trim() : undefined;
  return name === undefined || name === "" ? subject : name;
}
