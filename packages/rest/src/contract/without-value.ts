/** Characters of a message that are kept. */
const LENGTH_LIMIT = 500;

/**
 * What a schema says of a value, without the value: messages go to logs, and to whoever sent the wrong one, and values are
 * passwords as well. Libraries quote them at the end (`… (was "x")`, `… but received "x"`), or anywhere.
 */
export function withoutValue(message: string, value: unknown): string {
  const said = cutBefore(" but received ", cutBefore(" (was ", message));
  if (typeof value === "string") {
    return shortened(quotedForms(value).reduce((text, quoted) => text.replaceAll(quoted, "…"), said));
  }
  const isNumber = typeof value === "number" || typeof value === "bigint";
  return shortened(isNumber ? withoutNumber(said, String(value)) : said);
}

function cutBefore(mark: string, message: string): string {
  const at = message.indexOf(mark);
  return at > 0 ? message.slice(0, at) : message;
}

function quotedForms(value: string): readonly string[] {
  return [JSON.stringify(value), `"${value}"`, `'${value}'`, `\`${value}\``];
}

/** Where it stands for itself, and last: a bound that is the same number is said before. */
function withoutNumber(message: string, digits: string): string {
  const at = message.lastIndexOf(digits);
  const isPart = /[\w.]/.test(message.charAt(at - 1)) || /\w/.test(message.charAt(at + digits.length));
  return at === -1 || isPart ? message : `${message.slice(0, at)}…${message.slice(at + digits.length)}`;
}

function shortened(message: string): string {
  return message.length <= LENGTH_LIMIT ? message : `${message.slice(0, LENGTH_LIMIT)}…`;
}
