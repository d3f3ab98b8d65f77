import { RequestProblem } from "../client/request-problem.ts";

/** Something that went wrong, as the person is told. */
export interface Notice {
  /** Counts up: tells two apart. */
  readonly id: number;
  readonly message: string;
  /** Empty where there is none. */
  readonly code: string;
  readonly remedy: string;
}

/** How many are shown at once: older ones make room. */
const MOST_NOTICES = 3;

/** The notices with one more, for an error that was caught: as it was, where it is told already or was asked for. */
export function addNotice(notices: readonly Notice[], error: unknown): readonly Notice[] {
  if (error instanceof DOMException && error.name === "AbortError") return notices;
  const message = error instanceof Error ? error.message : String(error);
  const { code, remedy } = error instanceof RequestProblem ? error : { code: "", remedy: "" };
  const rest = notices.filter((each) => each.message !== message || each.code !== code);
  const id = (notices.at(-1)?.id ?? 0) + 1;
  return [...rest, { id, message, code, remedy }].slice(-MOST_NOTICES);
}
