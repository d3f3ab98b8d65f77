import { indexOfId, mergeById, withoutId } from "./by-id.ts";
import { type ConsoleHappening, type ConsoleState, emptyState } from "./console-state.ts";

/** What the page knows after something happened. What it does not concern stays the same object. */
export function reduce(state: ConsoleState, happening: ConsoleHappening): ConsoleState {
  switch (happening.type) {
    case "hello":
      // Everything is told anew behind it: what is not told again is no more.
      return { ...emptyState, connection: "live", hello: happening };
    case "told-all":
      return state;
    case "connection-lost":
      return { ...state, connection: "lost" };
    case "transactions":
      return { ...state, transactions: mergeById(state.transactions, happening.transactions) };
    case "transactions-gone":
      return { ...state, transactions: state.transactions.slice(indexOfId(state.transactions, happening.below)) };
    case "question":
      return { ...state, questions: mergeById(state.questions, [happening.question]) };
    case "question-gone":
      return { ...state, questions: withoutId(state.questions, happening.id) };
    case "transfer":
      return { ...state, transfers: mergeById(state.transfers, [happening.transfer]) };
    case "transfer-gone":
      return { ...state, transfers: withoutId(state.transfers, happening.id) };
    case "connectivity":
      return { ...state, connectivity: happening.state };
    case "faults":
      return { ...state, faults: happening.count };
  }
}
