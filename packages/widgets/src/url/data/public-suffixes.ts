/** The public suffix list, ICANN's and private suffixes. */
export interface PublicSuffixes {
  /**
   * Returns where the registrable domain of a host begins, as an index into it: its public suffix and one label more.
   *
   * @param host an ASCII domain as the URL parser gives it, perhaps with a dot at its end.
   * @returns `undefined` for a public suffix, for one label, and for a host with an empty label.
   * @see https://publicsuffix.org/list/, "Algorithm"
   */
  readonly registrableDomainStart: (host: string) => number | undefined;
}

/** Unpacks the list as `scripts/url-data.ts` packs it: `jp(*kawasaki…,ac,co)`, a line for each top-level label. */
export function unpackPublicSuffixes(packed: string): PublicSuffixes {
  const rules = unpackRules(packed);
  return { registrableDomainStart: (host) => registrableDomainStart(host, rules) };
}

/** What the list says about a name: bits, so that a wildcard is found without building a name with `*` in it. */
const suffixRule = 1;
const wildcardRule = 2;
const exceptionRule = 4;

function registrableDomainStart(host: string, rules: ReadonlyMap<string, number>): number | undefined {
  const rooted = host.endsWith(".");
  const name = rooted ? host.slice(0, -1) : host;
  if (hasEmptyLabel(name)) return undefined;
  let start = name.lastIndexOf(".") + 1;
  let suffixStart = start;
  let parent = rules.get(name.slice(start)) ?? 0;
  let listed = rules.has(name.slice(start));
  while (listed && start > 0) {
    const above = start;
    start = name.lastIndexOf(".", start - 2) + 1;
    const rule = rules.get(name.slice(start));
    if (rule !== undefined && (rule & exceptionRule) !== 0) {
      suffixStart = above;
      break;
    }
    if ((parent & wildcardRule) !== 0 || (rule !== undefined && (rule & suffixRule) !== 0)) suffixStart = start;
    listed = rule !== undefined;
    parent = rule ?? 0;
  }
  return suffixStart === 0 ? undefined : name.lastIndexOf(".", suffixStart - 2) + 1;
}

function hasEmptyLabel(name: string): boolean {
  return name.startsWith(".") || name.endsWith(".") || name.includes("..");
}

/** Every name that the list tells something about, or about what is below it. */
function unpackRules(packed: string): ReadonlyMap<string, number> {
  const rules = new Map<string, number>();
  const parents: string[] = [];
  let parent = "";
  let last = "";
  for (const [, label = "", mark = "", bracket = ""] of packed.matchAll(/([a-z0-9-]*[a-z0-9]|\*)([!-]?)|([(),\n])/g)) {
    switch (bracket) {
      case "":
        last = parent === "" ? label : `${label}.${parent}`;
        if (label === "*") rules.set(parent, (rules.get(parent) ?? 0) | wildcardRule);
        else rules.set(last, (rules.get(last) ?? 0) | (mark === "!" ? exceptionRule : mark === "-" ? 0 : suffixRule));
        break;
      case "(":
        parents.push(parent);
        parent = last;
        break;
      case ")":
        parent = parents.pop() ?? "";
        break;
    }
  }
  return rules;
}
