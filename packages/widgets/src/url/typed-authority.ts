/** What was typed between `//` and the path, before the URL parser made it canonical. */
export interface TypedAuthority {
  readonly host: string;
  /** Digits, perhaps with zeros before them; empty without a port. */
  readonly port: string;
  /** Characters of the typed text that the URL parser drops: white space around it, tabs and line ends within. */
  readonly dropped: number;
}

/** Finds the authority in a text that the URL parser accepted, only to tell what the parser changed. */
export function typedAuthority(text: string): TypedAuthority {
  const clean = text
    .replace(/^[\0- ]+/, "")
    .replaceAll(/[\t\n\r]+/g, "")
    .trimEnd();
  const start = /^[a-z][a-z0-9+.-]*:[/\\]*/i.exec(clean)?.[0].length ?? 0;
  const length = clean.slice(start).search(/[/\\?#]/);
  const authority = length === -1 ? clean.slice(start) : clean.slice(start, start + length);
  const hostAndPort = authority.slice(authority.lastIndexOf("@") + 1);
  const colon = hostAndPort.lastIndexOf(":");
  const port = colon === -1 ? "" : hostAndPort.slice(colon + 1);
  const dropped = text.length - clean.length;
  return /^\d*$/.test(port) && colon !== -1
    ? { host: hostAndPort.slice(0, colon), port, dropped }
    : { host: hostAndPort, port: "", dropped };
}
