/** A form as it is sent. */
export interface FormBlob {
  readonly blob: Blob;
  /** With the boundary. */
  readonly contentType: string;
}

/** Tells a form, of the runtime's own class or of undici's, from everything else. */
export function isForm(value: unknown): value is FormData {
  return typeof value === "object" && value !== null && Reflect.get(value, Symbol.toStringTag) === "FormData";
}

/**
 * Writes a form as `multipart/form-data`; files are read when the blob is.
 *
 * @see RFC 7578; HTML Standard, "multipart/form-data encoding algorithm"
 */
export function formBlob(form: FormData): FormBlob {
  const boundary = `----fairlead-${crypto.randomUUID()}`;
  const parts: (string | Blob)[] = [];
  for (const [name, value] of form) {
    const disposition = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(withLineEnds(name))}"`;
    if (typeof value === "string") {
      parts.push(`${disposition}\r\n\r\n${withLineEnds(value)}\r\n`);
    } else {
      const type = value.type === "" ? "application/octet-stream" : value.type;
      parts.push(`${disposition}; filename="${quoted(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`, value, "\r\n");
    }
  }
  parts.push(`--${boundary}--\r\n`);
  return { blob: new Blob(parts), contentType: `multipart/form-data; boundary=${boundary}` };
}

function withLineEnds(text: string): string {
  return text.replace(/\r\n|\r|\n/g, "\r\n");
}

/** What would end the quoted name, or the line, is written as the standard has it. */
function quoted(name: string): string {
  return name.replace(/\n/g, "%0A").replace(/\r/g, "%0D").replace(/"/g, "%22");
}
