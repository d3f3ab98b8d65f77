import type { RedirectQuestion } from "@fairlead/access";
import type { Surroundings } from "../command.ts";
import { printable } from "../terminal/printable.ts";
import { askYesOrNo } from "../terminal/question.ts";

/** Asks on the terminal whether one redirect is to be followed. */
export function confirmRedirect(question: RedirectQuestion, surroundings: Surroundings): Promise<boolean> {
  return askYesOrNo(formatRedirectQuestion(question), surroundings);
}

/** Formats the question: where from, where to, and what to beware of. */
export function formatRedirectQuestion({
  from,
  to,
  status,
  method,
  crossesOrigin,
  isLessSafe,
}: RedirectQuestion): string {
  const warnings = [isLessSafe && "not encrypted", crossesOrigin && !isLessSafe && "another origin"];
  const beware = warnings.filter((warning) => warning !== false).join(", ");
  const note = beware === "" ? "" : ` (${beware})`;
  return `${status} from ${printable(from.href)}\nFollow it with ${printable(method)} ${printable(to.href)}${note}?`;
}
