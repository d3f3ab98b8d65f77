import { html } from "lit";
import type { GallerySection } from "./section.ts";

/** Each state of the network. */
export const connectivity: GallerySection = {
  tag: "fairlead-connectivity",
  states: (["unknown", "online", "captive", "offline"] as const).map((state) => ({
    name: state,
    shows: `What is shown while the network is ${state}.`,
    render: () => html`<fairlead-connectivity state=${state}></fairlead-connectivity>`,
  })),
};
