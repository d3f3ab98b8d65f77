import type { FairleadTransferProgress, TransferFacts } from "@fairlead/widgets";
import { html } from "lit";
import type { GallerySection, GalleryState } from "./section.ts";

/** A download that is whole in all that a state does not say. */
export const galleryTransfer: TransferFacts = {
  id: "1",
  direction: "download",
  name: "debian-13.2.0-amd64-netinst.iso",
  url: "https://cdimage.debian.example/current/amd64/iso-cd/debian-13.2.0-amd64-netinst.iso",
  state: "under-way",
  transferredBytes: 0,
  totalBytes: 733_000_000,
  resumedFromBytes: 0,
  discardedBytes: 0,
  restarts: 0,
  startedAt: 0,
  error: undefined,
  remedy: undefined,
  actions: ["pause", "resume", "cancel", "retry", "open", "show", "remove"],
};

const measured = (transferredBytes: number, seconds: number): Partial<TransferFacts> & { readonly at: number } => ({
  transferredBytes,
  at: seconds * 1_000,
});

/** Each state of a transfer. */
export const transferProgress: GallerySection = {
  tag: "fairlead-transfer-progress",
  states: [
    state("waiting", "Waits for its turn.", { state: "waiting", totalBytes: undefined }),
    state("just-begun", "Too early for a rate.", { transferredBytes: 2_000_000 }),
    state("under-way", "Rate and remaining time are known.", {}, [
      measured(200_000_000, 0),
      measured(221_000_000, 5),
      measured(242_000_000, 10),
    ]),
    state("upload", "An upload.", { direction: "upload", name: "backup.tar.zst", url: "https://box.example/up" }, [
      measured(0, 0),
      measured(400_000_000, 8),
    ]),
    state("unknown-length", "Nobody has said how long it is.", { totalBytes: undefined, name: "export.csv" }, [
      measured(0, 0),
      measured(9_400_000, 4),
    ]),
    state("outgrown", "More came than was announced.", { totalBytes: 1_000_000, name: "export.csv" }, [
      measured(0, 0),
      measured(9_400_000, 4),
    ]),
    state("resumed", "What an earlier try had left is set apart.", { resumedFromBytes: 300_000_000 }, [
      measured(300_000_000, 0),
      measured(420_000_000, 10),
    ]),
    state("stalled", "Nothing has come for a while.", {}, [
      measured(240_000_000, 0),
      measured(250_000_000, 5),
      measured(250_000_000, 29),
    ]),
    state("paused", "Rests.", { state: "paused", transferredBytes: 250_000_000 }),
    state("verifying", "All came, and is being checked.", { state: "verifying", transferredBytes: 733_000_000 }),
    state("done", "Is there, whole.", { state: "done", transferredBytes: 733_000_000 }),
    state("failed", "Failed, with reason and remedy.", {
      state: "failed",
      transferredBytes: 250_000_000,
      error: "the connection to cdimage.debian.example was lost after 250 MB, while its body was read",
      remedy: "Try again: what is there is kept, and the rest is asked for.",
    }),
    state("failed-without-reason", "Failed, and nobody said why.", {
      state: "failed",
      totalBytes: undefined,
    }),
    state("discarded", "What had come had to be given up.", { discardedBytes: 120_000_000, totalBytes: 853_000_000 }, [
      measured(120_000_000, 0),
      measured(180_000_000, 10),
    ]),
    state("restarted", "Was begun again from zero.", { restarts: 2 }, [measured(0, 0), measured(11_000_000, 10)]),
    state("cancelled", "Somebody gave it up.", { state: "cancelled", transferredBytes: 250_000_000 }),
    state("long-name", "A name that hides what it is behind spaces, and one that turns its direction.", {
      name: `Invoice \u202efdp.${" ".repeat(120)}.exe`,
      url: "http://user:secret@downloads.very-long-subdomain-of-a-content-network.cdn.example:8080/x",
      transferredBytes: 250_000_000,
      state: "paused",
    }),
  ],
};

function state(
  name: string,
  shows: string,
  facts: Partial<TransferFacts>,
  samples: readonly (Partial<TransferFacts> & { readonly at: number })[] = [{ at: 0 }],
): GalleryState {
  return {
    name,
    shows,
    render: () =>
      html`<fairlead-transfer-progress
        .now=${samples[0]?.at ?? 0}
        .transfer=${{ ...galleryTransfer, ...facts, ...samples[0] }}
      ></fairlead-transfer-progress>`,
    prepare: async (host) => {
      const element = host.querySelector<FairleadTransferProgress>("fairlead-transfer-progress");
      if (element === null) return;
      for (const { at, ...sample } of samples.slice(1)) {
        element.now = at;
        element.transfer = { ...galleryTransfer, ...facts, ...sample };
        await element.updateComplete;
      }
    },
  };
}
