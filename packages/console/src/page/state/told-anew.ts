import type { ConsoleHappening, ConsoleState } from "./console-state.ts";
import { reduce } from "./reduce.ts";

/** What the page shows, and what it is being told anew after its connection was lost. */
export interface Told {
  readonly shown: ConsoleState;
  /** `undefined` where all was told. */
  readonly anew: ConsoleState | undefined;
}

/**
 * What was told after something happened. A page that shows something goes on to show it while it is told all anew, and
 * changes to that in one step: nothing is gone for a moment that is there still, as a question with half of an answer.
 */
export function toldAfter({ shown, anew }: Told, happening: ConsoleHappening): Told {
  switch (happening.type) {
    case "hello": {
      const next = reduce(shown, happening);
      return shown.hello === undefined ? { shown: next, anew: undefined } : { shown, anew: next };
    }
    case "told-all":
      return { shown: anew ?? shown, anew: undefined };
    case "connection-lost":
      return { shown: reduce(shown, happening), anew: undefined };
    case "transactions":
    case "transactions-gone":
    case "question":
    case "question-gone":
    case "transfer":
    case "transfer-gone":
    case "connectivity":
    case "faults":
      return anew === undefined ? { shown: reduce(shown, happening), anew } : { shown, anew: reduce(anew, happening) };
  }
}
