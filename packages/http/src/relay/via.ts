/** More of them with one name, and a message goes round in a circle. */
const SAME_NAME_LIMIT = 8;

/**
 * Adds who passes a message on.
 *
 * @param fields names in lower case and values in turn; changed.
 * @param version in which the message came.
 * @param by a host, or any other name that says nothing of the network behind.
 * @returns whether it may go on: not when it has been here too often.
 * @see RFC 9110 section 7.6.3
 */
export function addVia(fields: string[], version: "1.0" | "1.1" | "2", by: string): boolean {
  let before = "";
  for (let index = fields.length - 2; index >= 0; index -= 2) {
    if (fields[index] !== "via") continue;
    const value = fields[index + 1] ?? "";
    before = before === "" ? value : `${value}, ${before}`;
    fields.splice(index, 2);
  }
  const received = `${version === "2" ? "2.0" : version} ${by}`;
  fields.push("via", before === "" ? received : `${before}, ${received}`);
  return before.split(",").filter((member) => receivedBy(member) === by).length < SAME_NAME_LIMIT;
}

/** The name in `1.1 name (comment)`. */
function receivedBy(member: string): string | undefined {
  return member.trim().split(/[\t ]+/, 2)[1];
}
