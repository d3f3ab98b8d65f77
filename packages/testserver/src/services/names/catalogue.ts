import { addressNames } from "./tables/addresses.ts";
import { aliasNames } from "./tables/aliases.ts";
import { ednsNames } from "./tables/edns.ts";
import { failureNames } from "./tables/failures.ts";
import { malformedNames } from "./tables/malformed.ts";
import { recordNames } from "./tables/records.ts";
import { serviceNames } from "./tables/services.ts";
import type { TestName } from "./test-name.ts";

/** Every name below `names.test`. */
export const testNameCatalogue: readonly TestName[] = [
  ...addressNames,
  ...aliasNames,
  ...recordNames,
  ...serviceNames,
  ...failureNames,
  ...malformedNames,
  ...ednsNames,
];

/** A name of the catalogue with the number that stood in it. */
export interface FoundName {
  readonly testName: TestName;
  readonly number: number;
}

/** Finds what stands before `.names.test`, in lower case. */
export function findName(prefix: string): FoundName | undefined {
  const exact = byPattern.get(prefix.endsWith(".wild") ? "x.wild" : prefix);
  if (exact !== undefined) return { testName: exact, number: 0 };
  for (const [expression, testName] of patterns) {
    const match = expression.exec(prefix);
    if (match === null) continue;
    const number = Number(match[1] ?? 0);
    return number > (testName.max ?? 1000) ? undefined : { testName, number };
  }
  return undefined;
}

const byPattern: ReadonlyMap<string, TestName> = new Map(testNameCatalogue.map((each) => [each.pattern, each]));

/** A number as `N`, a word as `NAME`; patterns have capitals nowhere else. */
const patterns: readonly (readonly [RegExp, TestName])[] = testNameCatalogue
  .filter(({ pattern }) => pattern.includes("N"))
  .map((each) => {
    const source = each.pattern.replace(/NAME$/, "[\\w-]{1,40}").replace(/N$/, "(\\d{1,10})");
    return [new RegExp(`^${source}$`), each];
  });
