import type { FairleadTransferList, TransferFacts } from "@fairlead/widgets";
import { html } from "lit";
import type { GallerySection } from "./section.ts";
import { galleryTransfer } from "./transfer-progress.ts";

const mixed: readonly TransferFacts[] = [
  { ...galleryTransfer, id: "1", startedAt: 5 },
  {
    ...galleryTransfer,
    id: "2",
    startedAt: 4,
    direction: "upload",
    name: "backup-2026-11-22.tar.zst",
    url: "https://box.example/up",
    totalBytes: 1_800_000_000,
  },
  { ...galleryTransfer, id: "3", state: "paused", name: "maps-europe.mbtiles", transferredBytes: 500_000_000 },
  { ...galleryTransfer, id: "4", state: "waiting", name: "firmware.bin", totalBytes: undefined },
  {
    ...galleryTransfer,
    id: "5",
    state: "failed",
    name: "report.pdf",
    transferredBytes: 90_000,
    totalBytes: 120_000,
    error: "files.example sent another file than before: its digest does not match",
    remedy: "Ask whoever publishes the file for its present digest.",
  },
  { ...galleryTransfer, id: "6", state: "done", name: "photo.jpeg", transferredBytes: 3_400_000 },
  { ...galleryTransfer, id: "7", state: "cancelled", name: "video.mp4", transferredBytes: 12_000_000 },
];

/** A list of transfers, with some and with none. */
export const transferList: GallerySection = {
  tag: "fairlead-transfer-list",
  states: [
    {
      name: "empty",
      shows: "No transfers.",
      render: () => html`<fairlead-transfer-list .now=${0}></fairlead-transfer-list>`,
    },
    {
      name: "mixed",
      shows: "Transfers in all groups.",
      render: () => html`<fairlead-transfer-list .now=${0} .transfers=${mixed}></fairlead-transfer-list>`,
      prepare: async (host: HTMLElement): Promise<void> => {
        const list = host.querySelector<FairleadTransferList>("fairlead-transfer-list");
        if (list === null) return;
        list.now = 8_000;
        list.transfers = mixed.map((each) =>
          each.state === "under-way" ? { ...each, transferredBytes: 80_000_000 } : each,
        );
        await list.updateComplete;
      },
    },
  ],
};
