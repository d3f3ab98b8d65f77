import type { TimelineHop } from "@fairlead/widgets";
import { html } from "lit";
import type { GallerySection, GalleryState } from "./section.ts";

const START = 1_790_000_000_000;

const plain: TimelineHop = {
  method: "GET",
  url: "https://api.harbour.example/v1/stations?near=53.55,9.99",
  reason: "network",
  status: 200,
  startedAt: START,
  timing: { blocked: 1, resolve: 14, connect: 22, secure: 41, send: 2, response: 88, body: 37, total: 203 },
  reused: false,
  protocol: "HTTP/2",
  repeats: [],
  error: undefined,
  tls: { earlyData: "none" },
};

const redirected: readonly TimelineHop[] = [
  {
    ...plain,
    url: "http://harbour.example/",
    reason: "hsts",
    status: undefined,
    timing: { total: 0 },
    protocol: "",
    tls: undefined,
  },
  {
    ...plain,
    url: "https://harbour.example/",
    reason: "redirect",
    status: 301,
    startedAt: START + 1,
    timing: { blocked: 1, resolve: 14, connect: 22, secure: 41, send: 1, response: 30, total: 110 },
  },
  {
    ...plain,
    url: "https://www.harbour.example/",
    startedAt: START + 112,
    reused: true,
    timing: { blocked: 0.2, send: 0.3, response: 64, body: 130, total: 195 },
  },
];

/** Each kind of time line. */
export const requestTimeline: GallerySection = {
  tag: "fairlead-request-timeline",
  states: [
    state("empty", "No hop yet.", []),
    state("one-hop", "All phases of one hop.", [plain]),
    state("redirects", "Raised to https, redirected, answered on a connection that was there.", redirected),
    opened("opened", "The phases of a hop in words.", [redirected[1] ?? plain]),
    opened("repeated", "Sent again, as early data first, and with credentials.", [
      { ...plain, repeats: ["too-early", "authentication"], tls: { earlyData: "rejected" } },
    ]),
    state("cached", "Nobody was asked.", [{ ...plain, reason: "cache", timing: { total: 0.4 }, protocol: "" }]),
    state("failed", "No connection.", [
      { ...plain, status: undefined, timing: { resolve: 14, connect: 3_000 }, error: "CONNECTION_TIMEOUT" },
    ]),
    state("running", "Waits for the answer.", [
      { ...plain, status: undefined, timing: { blocked: 1, resolve: 14, connect: 22, secure: 41, send: 2 } },
    ]),
    state("very-long", "Short phases beside one that took an hour.", [
      { ...plain, timing: { ...plain.timing, body: 3_600_000, total: 3_600_200 } },
    ]),
    opened("hostile", "Markup, bidirectional text and names of what objects have are text.", [
      {
        ...plain,
        method: "<b>G\u202eET</b>",
        url: `https://user:secret@a.example/${"<img src=x onerror=alert(1)>".repeat(20)}`,
        reason: "__proto__",
        protocol: "constructor",
        repeats: ["toString", "<script>alert(1)</script>"],
        error: "\u202eeman\u202c <b>x</b>",
        tls: { earlyData: "hasOwnProperty" },
      },
    ]),
  ],
};

function state(name: string, shows: string, hops: readonly TimelineHop[]): GalleryState {
  return {
    name,
    shows,
    render: () => html`<fairlead-request-timeline .hops=${hops} .now=${START + 480}></fairlead-request-timeline>`,
  };
}

function opened(name: string, shows: string, hops: readonly TimelineHop[]): GalleryState {
  return {
    ...state(name, shows, hops),
    prepare: async (host: HTMLElement): Promise<void> => {
      const element = host.querySelector("fairlead-request-timeline");
      element?.shadowRoot?.querySelector("button")?.click();
      await element?.updateComplete;
    },
  };
}
