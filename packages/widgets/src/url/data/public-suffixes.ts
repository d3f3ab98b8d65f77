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
  const root = unpackTree(packed);
  return { registrableDomainStart: (host) => registrableDomainStart(host, root) };
}

/** What the list says about a name, and the names below it: a tree of labels, from the right. */
interface ListedName {
  isSuffix: boolean;
  isException: boolean;
  /** Each name right below is a suffix, unless it is an exception. */
  hasWildcard: boolean;
  below: Map<string, ListedName> | undefined;
}

function registrableDomainStart(host: string, root: ListedName): number | undefined {
  const name = host.endsWith(".") ? host.slice(0, -1) : host;
  if (hasEmptyLabel(name)) return undefined;
  let start = name.lastIndexOf(".") + 1;
  let suffixStart = start;
  let parent = root.below?.get(name.slice(start));
  while (parent !== undefined && start > 0) {
    const end = start - 1;
    start = name.lastIndexOf(".", end - 1) + 1;
    const listed = parent.below?.get(name.slice(start, end));
    if (listed?.isException === true) {
      suffixStart = end + 1;
      break;
    }
    if (parent.hasWildcard || listed?.isSuffix === true) suffixStart = start;
    parent = listed;
  }
  return suffixStart === 0 ? undefined : name.lastIndexOf(".", suffixStart - 2) + 1;
}

function hasEmptyLabel(name: string): boolean {
  return name.startsWith(".") || name.endsWith(".") || name.includes("..");
}

function unpackTree(packed: string): ListedName {
  const root = listedName("-");
  const parents: ListedName[] = [];
  let parent = root;
  let last = root;
  for (const [, label = "", mark = "", bracket = ""] of packed.matchAll(/([a-z0-9-]*[a-z0-9]|\*)([!-]?)|([(),\n])/g)) {
    switch (bracket) {
      case "":
        if (label === "*") parent.hasWildcard = true;
        else (parent.below ??= new Map()).set(label, (last = listedName(mark)));
        break;
      case "(":
        parents.push(parent);
        parent = last;
        break;
      case ")":
        parent = parents.pop() ?? root;
        break;
    }
  }
  return root;
}

/** @param mark `!` of an exception, `-` of a label that is no suffix itself. */
function listedName(mark: string): ListedName {
  return { isSuffix: mark === "", isException: mark === "!", hasWildcard: false, below: undefined };
}
