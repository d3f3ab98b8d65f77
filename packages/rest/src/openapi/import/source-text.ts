/** What is written into source out of a document: nothing of it may end what it is in, or look like something else. */

/** A string literal, in the quotes that need fewer escapes. */
export function quote(text: string): string {
  const mark = count(text, '"') > count(text, "'") ? "'" : '"';
  let quoted = mark;
  for (const character of text)
    quoted += character === mark || character === "\\" ? `\\${character}` : visible(character);
  return quoted + mark;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

const shortEscapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** What cannot be seen, or turns the direction of text, as an escape: source shows what it does. */
function visible(character: string): string {
  if (!/[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u.test(character)) return character;
  const point = character.codePointAt(0) ?? 0;
  return shortEscapes[character] ?? `\\u{${point.toString(16)}}`;
}

/** The name of a member, quoted where it has to be. `__proto__` alone would be no member at all. */
export function memberName(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return isIdentifier(name) || /^(0|[1-9]\d{0,8})$/.test(name) ? name : quote(name);
}

/** Whether a text is an identifier of ASCII, reserved words included. */
export function isIdentifier(text: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(text);
}

/** The lines of a docstring, which ends where it ends. */
export function docstring(text: string): readonly string[] {
  const lines = text
    .trim()
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => Array.from(line.trimEnd(), visible).join("").replaceAll("\\t", "  ").replaceAll("*/", "*\\/"));
  const [only = ""] = lines;
  if (lines.length === 1) return only === "" ? [] : [`/** ${only} */`];
  return ["/**", ...lines.map((line) => (line === "" ? " *" : ` * ${line}`)), " */"];
}

/** A regular expression, as a literal where everybody can read it; `undefined` where the pattern is none. */
export function regularExpression(pattern: string): string | undefined {
  for (const flags of ["u", ""]) {
    try {
      const literal = new RegExp(pattern, flags).toString();
      return /^[ -~]+$/.test(literal) ? literal : `new RegExp(${quote(pattern)}${flags === "" ? "" : ', "u"'})`;
    } catch {
      // Patterns of before Unicode mode may be valid without it.
    }
  }
  return undefined;
}
