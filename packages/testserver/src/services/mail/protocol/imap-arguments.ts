/** An argument of an IMAP command: text, which a literal or quotes may have held, or a list of them. */
export type ImapArgument = string | readonly ImapArgument[];

const depthLimit = 8;

/**
 * Splits a command into its arguments. `literals` are what the `{n}` in the text stand for, in their order; sections as
 * in `BODY[HEADER.FIELDS (SUBJECT)]<0.10>` are one argument.
 *
 * Returns `undefined` for what is no command.
 *
 * @see RFC 9051 section 4
 */
export function splitImapCommand(text: string, literals: readonly string[]): readonly ImapArgument[] | undefined {
  let position = 0;
  let nextLiteral = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    position += match?.[0].length ?? 0;
    return match;
  };
  const readList = (depth: number): readonly ImapArgument[] | undefined => {
    const list: ImapArgument[] = [];
    for (;;) {
      take(/ */y);
      if (position === text.length) return depth === 0 ? list : undefined;
      if (take(/\)/y) !== null) return depth > 0 ? list : undefined;
      if (take(/\(/y) !== null) {
        const inner = depth < depthLimit ? readList(depth + 1) : undefined;
        if (inner === undefined) return undefined;
        list.push(inner);
        continue;
      }
      const quoted = take(/"((?:[^"\\]|\\["\\])*)"/y);
      const literal = quoted === null ? take(/~?\{\d+\+?\}/y) : null;
      if (quoted !== null) list.push((quoted[1] ?? "").replace(/\\(["\\])/g, "$1"));
      else if (literal !== null) list.push(literals[nextLiteral++] ?? "");
      else {
        const atom = take(/[^ ()"{[\]]*(?:\[[^\]]*\](?:<\d+(?:\.\d+)?>)?)?/y)?.[0] ?? "";
        if (atom === "") return undefined;
        list.push(atom);
      }
    }
  };
  return readList(0);
}
