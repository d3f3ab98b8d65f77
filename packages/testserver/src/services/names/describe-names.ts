import { testNameCatalogue } from "./catalogue.ts";
import { namesZone } from "./replies.ts";

/** A name below `names.test`, for lists of what there is. */
export interface DescribedName {
  /** The whole name, with `N` for a number and `NAME` for a word of one's own. */
  readonly name: string;
  /** One line that begins with a verb. */
  readonly does: string;
}

/** Lists every name that behaves, or misbehaves, in one way. */
export function describeNames(): readonly DescribedName[] {
  return testNameCatalogue.map(({ pattern, does }) => ({ name: `${pattern}.${namesZone}`, does }));
}
