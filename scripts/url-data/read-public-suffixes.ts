import { readFileSync } from "node:fs";

/** The rules of the public suffix list as tldts has them: names in ASCII, `*.ck` and `!www.ck` among them. */
export async function readPublicSuffixes(): Promise<{ readonly version: string; readonly rules: readonly string[] }> {
  const folder = new URL("../../node_modules/tldts/", import.meta.url);
  const trie = (await import(new URL("dist/es6/src/data/trie.js", folder).href)) as Trie;
  const { version } = JSON.parse(readFileSync(new URL("package.json", folder), "utf8")) as { readonly version: string };
  const offsets: number[] = [];
  for (let edge = 0, offset = 0; edge < trie.edgeLength.length; edge++) {
    offsets.push(offset);
    offset += trie.edgeLength[edge] ?? 0;
  }
  const rules = new Set<string>();
  const collect = (node: number, parent: string, mark: string): void => {
    for (let edge = trie.edgeStart[node] ?? 0; edge < (trie.edgeStart[node + 1] ?? 0); edge++) {
      const offset = offsets[edge] ?? 0;
      const label = trie.labelText.slice(offset, offset + (trie.edgeLength[edge] ?? 0));
      const name = parent === "" ? label : `${label}.${parent}`;
      const child = trie.edgeChild[edge] ?? 0;
      if ((trie.nodeFlags[child] ?? 0) !== 0) rules.add(mark + inAscii(name));
      collect(child, name, mark);
    }
  };
  collect(trie.rulesRoot, "", "");
  collect(trie.exceptionsRoot, "", "!");
  return { version, rules: [...rules].sort() };
}

/** What tldts exports of its data; it has no types of its own. */
interface Trie {
  readonly nodeFlags: ArrayLike<number>;
  readonly edgeStart: ArrayLike<number>;
  readonly edgeLength: ArrayLike<number>;
  readonly edgeChild: ArrayLike<number>;
  readonly labelText: string;
  readonly rulesRoot: number;
  readonly exceptionsRoot: number;
}

function inAscii(name: string): string {
  const rest = name.replace(/^\*\./, "");
  const host = new URL(`https://${rest}`).hostname;
  return rest === name ? host : `*.${host}`;
}
