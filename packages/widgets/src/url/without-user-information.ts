/**
 * Leaves user name and password out of what follows a scheme that has no host of its own: `blob:`, `filesystem:` and
 * `view-source:` wrap another URL. In a script and in data an `@` is content, and what is left out of content hides it.
 *
 * @param scheme as the URL parser gives it.
 * @param opaque all that follows it.
 */
export function withoutUserInformation(scheme: string, opaque: string): string {
  if (content.has(scheme)) return opaque;
  const slashes = /^(?:[a-z][a-z0-9+.-]{0,31}:){0,2}\/\//i.exec(opaque)?.[0];
  if (slashes === undefined) return opaque;
  const length = opaque.slice(slashes.length).search(/[/\\?#]/);
  const end = length === -1 ? opaque.length : slashes.length + length;
  return slashes + opaque.slice(opaque.slice(slashes.length, end).lastIndexOf("@") + 1 + slashes.length);
}

const content: ReadonlySet<string> = new Set(["javascript:", "vbscript:", "data:"]);
