import type { BodyMode } from "../rules/body-modes.ts";

/** What a body's view says. Text with values in it is a function, since languages order them differently. */
export interface BodyMessages {
  readonly modes: Readonly<Record<BodyMode, string>>;
  /** Names the choice between them. */
  readonly mode: string;
  readonly loading: string;
  readonly empty: string;
  readonly notKept: string;
  readonly notKeptHint: string;
  readonly failed: string;
  readonly save: string;
  /** What is shown, for those who do not see the picture. */
  readonly image: (type: string) => string;
  readonly brokenImage: string;
  readonly invalidJson: (reason: string) => string;
  readonly items: (count: number) => string;
  readonly members: (count: number) => string;
  readonly openAll: string;
  readonly closeAll: string;
  readonly moreLines: (left: string) => string;
  readonly moreCharacters: (left: string) => string;
  readonly lines: (count: number) => string;
  readonly encoding: (name: string) => string;
  /** Names the rows of bytes. */
  readonly bytes: string;
}
