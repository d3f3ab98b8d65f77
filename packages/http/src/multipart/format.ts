/** What the head of a part says. */
export interface OutgoingPart {
  readonly name: string;
  /** `undefined` for what is no file. */
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
}

/**
 * Writes what is before the content of a part: the delimiter and its head. No name can begin a field or a part of its own.
 *
 * @param boundary must not occur in any content: take a random one.
 * @see WHATWG HTML section 4.10.22.7, RFC 7578 section 4
 */
export function formatPartHead({ name, fileName, contentType }: OutgoingPart, boundary: string): string {
  const file = fileName === undefined ? "" : `; filename="${quoted(fileName)}"`;
  const type = contentType === undefined ? "" : `Content-Type: ${contentType.replace(/[\r\n]/g, "")}\r\n`;
  const disposition = `Content-Disposition: form-data; name="${quoted(name.replace(/\r\n?|\n/g, "\r\n"))}"${file}`;
  return `--${boundary}\r\n${disposition}\r\n${type}\r\n`;
}

function quoted(name: string): string {
  return name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
}
