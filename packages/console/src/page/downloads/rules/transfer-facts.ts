import type { TransferAction, TransferFacts } from "@fairlead/widgets";
import type { ShownTransfer } from "../../../protocol/index.ts";

/** What the console can do with a download; a browser's page opens no files. */
const actions: readonly TransferAction[] = ["pause", "resume", "cancel", "retry", "remove"];

/** A transfer as it was told, and as the list takes it. */
export interface KnownTransfer {
  readonly told: ShownTransfer;
  readonly facts: TransferFacts;
}

/**
 * What the list shows of the transfers that were told: the same objects for those that are the same. One that has less than
 * before was begun again from zero.
 */
export function knownTransfers(
  before: ReadonlyMap<number, KnownTransfer>,
  told: readonly ShownTransfer[],
): ReadonlyMap<number, KnownTransfer> {
  return new Map(
    told.map((each) => {
      const known = before.get(each.id);
      return [each.id, known?.told === each ? known : { told: each, facts: factsOf(each, known) }] as const;
    }),
  );
}

function factsOf(told: ShownTransfer, known: KnownTransfer | undefined): TransferFacts {
  const isRestarted = known !== undefined && told.receivedBytes < known.told.receivedBytes;
  return {
    id: String(told.id),
    direction: "download",
    name: told.fileName,
    url: told.url,
    state: told.state,
    transferredBytes: told.receivedBytes,
    totalBytes: told.totalBytes,
    resumedFromBytes: told.resumedFrom,
    discardedBytes: 0,
    restarts: (known?.facts.restarts ?? 0) + (isRestarted ? 1 : 0),
    // Ids count up with time.
    startedAt: told.id,
    error: told.error,
    remedy: told.remedy,
    actions,
  };
}
