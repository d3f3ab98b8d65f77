/** One way to authenticate that a server or proxy offers. RFC 9110 section 11.3. */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** What some schemes send instead of parameters, NTLM and Negotiate above all. */
  readonly token68: string | undefined;
  /** By name in lower case, unquoted; the first where one is repeated. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Challenges of one response that are read at most. */
const MAX_CHALLENGES = 32;

/**
 * Reads all lines of `WWW-Authenticate` or `Proxy-Authenticate`. What breaks the grammar ends its line: the challenges
 * before it count.
 *
 * @see RFC 9110 sections 11.2, 11.3 and 11.6.1
 */
export function parseChallenges(fieldValues: readonly string[]): readonly Challenge[] {
  return fieldValues.flatMap((value) => [...challengesOf(value)]).slice(0, MAX_CHALLENGES);
}

/**
 * Reads the parameters of `Authentication-Info` or `Proxy-Authentication-Info`, by name in lower case.
 *
 * @see RFC 9110 section 11.6.3
 */
export function parseAuthenticationInfo(fieldValue: string): ReadonlyMap<string, string> {
  const [challenge] = challengesOf(`info ${fieldValue}`);
  return challenge?.parameters ?? new Map();
}

const separators = /[\t ,]*/y;
const schemeName = /([!#$%&'*+\-.^_`|~\w]+)(?=[\t ,]|$)/y;
const spaces = / +/y;
const token68Value = /([\w\-.~+/]+=*)(?=[\t ]*(?:,|$))/y;
// A quoted string holds no control characters: they would be sent back, in a field of ours. RFC 9110 section 5.6.4.
const parameter =
  /([!#$%&'*+\-.^_`|~\w]+)[\t ]*=[\t ]*(?:"((?:[\t\x20\x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t\x20-\x7e\x80-\xff])*)"|([!#$%&'*+\-.^_`|~\w]+))(?=[\t ]*(?:,|$))/y;

function* challengesOf(text: string): Generator<Challenge> {
  let position = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    if (found !== null) position = pattern.lastIndex;
    return found;
  };
  for (;;) {
    match(separators);
    const scheme = match(schemeName)?.[1]?.toLowerCase();
    if (scheme === undefined) return;
    const hasMore = match(spaces) !== null;
    const token68 = hasMore && !isParameter(text, position) ? match(token68Value)?.[1] : undefined;
    const parameters = new Map<string, string>();
    if (hasMore && token68 === undefined) {
      for (let found = match(parameter); found !== null; found = match(parameter)) {
        const [, name = "", quoted, plain = ""] = found;
        const key = name.toLowerCase();
        if (!parameters.has(key)) parameters.set(key, quoted?.replace(/\\(.)/g, "$1") ?? plain);
        match(separators);
      }
    }
    yield { scheme, token68, parameters };
  }
}

/** A parameter has its `=` and a value; the padding of a token68 is followed by nothing. */
function isParameter(text: string, position: number): boolean {
  parameter.lastIndex = position;
  return parameter.test(text);
}
