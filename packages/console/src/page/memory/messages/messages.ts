import type { MemoryKind } from "../../../protocol/index.ts";

/** What the view "Memory" says. Text with values in it is a function, since languages order them differently. */
export interface MemoryMessages {
  /** The name of the view. */
  readonly title: string;
  readonly kinds: Readonly<Record<MemoryKind, string>>;
  /** What a kind is for: stands where there is none of it. */
  readonly purposes: Readonly<Record<MemoryKind, string>>;
  /** What is lost when something of a kind is forgotten. */
  readonly losses: Readonly<Record<MemoryKind, string>>;
  readonly search: string;
  readonly matches: (count: number, search: string) => string;
  readonly nothingFound: string;
  readonly empty: string;
  /** What a fact is called, by the name that the store has for it, where that is one that is known. */
  readonly facts: Readonly<Record<string, string>>;
  /** Whether what is remembered of a host holds for those below it. */
  readonly subdomains: Readonly<Record<string, string>>;
  readonly expires: (date: string) => string;
  readonly more: string;
  readonly forget: string;
  readonly forgetNamed: (subject: string) => string;
  readonly forgetAll: (count: number) => string;
  readonly forgetMatching: (count: number, search: string) => string;
  /** What is about to be done, as a question. */
  readonly asked: (what: string) => string;
  readonly confirm: string;
  readonly keep: string;
}
