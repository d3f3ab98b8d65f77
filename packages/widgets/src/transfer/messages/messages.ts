import type { Announcement } from "../rules/announcement.ts";
import type { TransferGroup } from "../rules/arrange.ts";
import type { SpokenRemaining } from "../rules/remaining.ts";
import type { TransferPhase } from "../rules/shown-progress.ts";
import type { TransferAction, TransferFacts } from "../transfer-facts.ts";

/** What downloads and uploads say. Text with values in it is a function, since languages order them differently. */
export interface TransferMessages {
  /** The list's name, for those who do not see it. */
  readonly label: string;
  readonly directions: Readonly<Record<TransferFacts["direction"], string>>;
  readonly phases: Readonly<Record<TransferPhase, string>>;
  readonly actions: Readonly<Record<TransferAction, string>>;
  /** The name of a button, for those who do not see beside what it stands. */
  readonly actionOn: (action: TransferAction, name: string) => string;
  readonly size: (bytes: number) => string;
  /** @param totalBytes `undefined` where it is not known. */
  readonly amount: (bytes: number, totalBytes: number | undefined) => string;
  readonly rate: (bytesPerSecond: number) => string;
  readonly percent: (fraction: number) => string;
  readonly remaining: (remaining: SpokenRemaining) => string;
  readonly silent: (milliseconds: number) => string;
  readonly resumed: (bytes: number) => string;
  readonly discarded: (bytes: number) => string;
  readonly restarted: (times: number) => string;
  /** Stands where a failure has no reason. */
  readonly unknownReason: string;
  readonly remedy: string;
  /** What is read out by itself. */
  readonly announcement: (name: string, announcement: Announcement) => string;
  readonly groups: Readonly<Record<TransferGroup, string>>;
  readonly count: (count: number) => string;
  readonly underWay: (count: number) => string;
  readonly removeEnded: string;
  readonly empty: string;
  readonly emptyHint: string;
}
