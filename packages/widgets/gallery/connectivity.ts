import { html } from "lit";
import type { GallerySection } from "./section.ts";

const states = ["unknown", "online", "local", "captive", "offline"] as const;
const now = Date.UTC(2026, 10, 22, 12, 0, 0);

/** Each state of the network, as a word and with more. */
export const connectivity: GallerySection = {
  tag: "fairlead-connectivity",
  states: [
    ...states.map((state) => ({
      name: state,
      shows: `What is shown while the network is ${state}.`,
      render: () => html`<fairlead-connectivity state=${state}></fairlead-connectivity>`,
    })),
    ...states.map((state) => ({
      name: `${state}-panel`,
      shows: `More of it, while the network is ${state}.`,
      render: () =>
        html`<fairlead-connectivity
          panel
          state=${state}
          .since=${now - 180_000}
          .now=${now}
          interface="wlp2s0"
        ></fairlead-connectivity>`,
    })),
    {
      name: "limited-panel",
      shows: "The network lets somebody out for a while, and for so much.",
      render: () =>
        html`<fairlead-connectivity
          panel
          state="online"
          .since=${now - 180_000}
          .now=${now}
          .limits=${{ endsAt: now + 55 * 60_000, bytesRemaining: 20_000_000 }}
          interface="wlp2s0"
        ></fairlead-connectivity>`,
    },
  ],
};
