import type { TimelinePhase } from "../rules/layout.ts";

/** What the time line of a request says. Text with values in it is a function, since languages order them differently. */
export interface RequestTimelineMessages {
  /** Its name, for those who do not see it. */
  readonly label: string;
  readonly columns: {
    readonly request: string;
    readonly result: string;
    readonly duration: string;
    readonly phases: string;
  };
  readonly phases: Readonly<Record<TimelinePhase, string>>;
  readonly legend: string;
  /** By the reason of a hop, where it is one that is known. */
  readonly reasons: Readonly<Record<string, string>>;
  /** By the reason of a repeat, where it is one that is known. */
  readonly repeats: Readonly<Record<string, string>>;
  readonly repeated: (reason: string) => string;
  readonly reused: string;
  readonly earlyData: Readonly<Record<"accepted" | "rejected", string>>;
  readonly running: string;
  readonly failed: (error: string) => string;
  readonly duration: (milliseconds: number) => string;
  readonly summary: (hops: number, milliseconds: number) => string;
  /** How many hops stand between those above and those below. */
  readonly between: (count: number) => string;
  readonly details: string;
  readonly empty: string;
}
