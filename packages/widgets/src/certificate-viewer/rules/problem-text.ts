import { isProblemCode, isQuoting } from "../../certificate-problems/rules/problem-code.ts";
import type { Messages } from "../../messages/messages.ts";
import type { ShownCertificateProblem } from "../shown-certificate.ts";

/** What is said of a problem. */
export interface ProblemText {
  readonly what: string;
  /** Empty where there is none, and where it is a clause in another language. */
  readonly detail: string;
  /** Empty where there is none. */
  readonly remedy: string;
}

/** Says a problem in the words of the page; one that the page does not know as it was told. */
export function problemText(
  { code, detail = "", message, remedy }: ShownCertificateProblem,
  { locale, certificateProblems }: Pick<Messages, "locale" | "certificateProblems">,
): ProblemText {
  if (!isProblemCode(code)) return { what: message, detail: "", remedy };
  const isReadable = isQuoting(code) || /^en\b/i.test(locale);
  return { ...certificateProblems[code], detail: isReadable ? detail : "" };
}
