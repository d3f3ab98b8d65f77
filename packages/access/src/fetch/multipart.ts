/** A form as `multipart/form-data`. */
export interface MultipartBody {
  readonly type: string;
  readonly sizeBytes: number;
  /** In order. */
  readonly parts: readonly (string | Blob)[];
}

/**
 * Writes a form as `multipart/form-data`.
 *
 * @param boundary must not occur in the form: take a random one.
 * @see HTML Standard section 4.10.21.8, "multipart/form-data encoding algorithm"; RFC 7578
 */
export function formatMultipart(form: Iterable<readonly [string, string | File]>, boundary: string): MultipartBody {
  const parts: (string | Blob)[] = [];
  let text = "";
  for (const [name, value] of form) {
    text += `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(normalizeLines(name))}"`;
    if (typeof value === "string") {
      text += `\r\n\r\n${normalizeLines(value)}\r\n`;
    } else {
      text += `; filename="${escapeName(value.name)}"\r\nContent-Type: ${value.type || "application/octet-stream"}\r\n\r\n`;
      parts.push(text, value);
      text = "\r\n";
    }
  }
  parts.push(`${text}--${boundary}--\r\n`);
  const sizeBytes = parts.reduce(
    (sum, part) => sum + (typeof part === "string" ? Buffer.byteLength(part) : part.size),
    0,
  );
  return { type: `multipart/form-data; boundary=${boundary}`, sizeBytes, parts };
}

function normalizeLines(text: string): string {
  return text.replace(/\r\n?|\n/g, "\r\n");
}

function escapeName(name: string): string {
  return name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
}
