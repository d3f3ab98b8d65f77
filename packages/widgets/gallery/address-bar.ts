import type { FairleadAddressBar, SiteSecurity, Visit } from "@fairlead/widgets";
import { loadUrlData } from "@fairlead/widgets/url-data";
import { html, type TemplateResult } from "lit";
import type { GallerySection, GalleryState } from "./section.ts";

// Given to each bar, so that what is to be seen does not depend on when it came.
const knowledge = await loadUrlData();

const NOW = Date.UTC(2026, 10, 22);
const DAY = 86_400_000;

const verified: SiteSecurity = {
  origin: "https://www.example.org",
  trust: "verified",
  protocol: "TLSv1.3",
  cipher: "TLS_AES_128_GCM_SHA256",
  group: "X25519MLKEM768",
  subject: "www.example.org",
  issuer: "Example Issuing CA 3",
  notBefore: "2026-10-01T00:00:00Z",
  notAfter: "2026-12-30T23:59:59Z",
  hsts: true,
};

const excepted: SiteSecurity = {
  origin: "https://printer.example.net:8443",
  trust: "exception",
  problems: ["The certificate was signed by itself.", "The certificate expired 12 days ago."],
  protocol: "TLSv1.2",
  cipher: "ECDHE-RSA-AES128-GCM-SHA256",
  subject: "printer",
  issuer: "printer",
  notBefore: "2024-11-10T00:00:00Z",
  notAfter: "2026-11-10T00:00:00Z",
};

const visited: readonly Visit[] = [
  { url: "https://www.example.org/", title: "Example, home of examples", visits: 31, lastVisit: NOW - DAY },
  {
    url: "https://www.example.org/guide/getting-started",
    title: "Getting started",
    visits: 9,
    lastVisit: NOW - 3 * DAY,
  },
  { url: "https://exämple.org/", title: "An internationalised name", visits: 4, lastVisit: NOW - 2 * DAY },
  { url: "http://extranet.example.net/login", title: "Extranet", visits: 6, lastVisit: NOW - 20 * DAY },
  {
    url: "https://news.example.com/2026/11/examples?page=2",
    title: "News of examples",
    visits: 2,
    lastVisit: NOW - 5 * DAY,
  },
];

const page = "https://www.example.org/guide/getting-started?lang=en#install";

/** The address bar: what it says of pages, what it does while something loads, and how it is edited. */
export const addressBar: GallerySection = {
  tag: "fairlead-address-bar",
  states: [
    shows("encrypted", "A page over TLS: quiet, but for the name of the site.", { url: page, security: verified }),
    shows("unproven", "An https URL of whose connection nothing is known.", { url: page }),
    shows("not-secure", "A page over plain http.", { url: "http://shop.example.com/cart?item=4" }),
    shows("exception", "A certificate that a person accepted by an exception.", {
      url: "https://printer.example.net:8443/status",
      security: excepted,
    }),
    shows("refused", "A site whose certificate was refused.", {
      url: "https://printer.example.net:8443/status",
      security: { ...excepted, trust: "refused" },
    }),
    shows("local", "A server on this machine.", { url: "http://localhost:8080/admin" }),
    shows("file", "A file.", { url: "file:///home/someone/notes/today.html" }),
    shows("embedded", "Content that came with its address: no site stands for it.", {
      url: "data:text/html,https://www.example.org/ is not where this comes from",
    }),
    shows("empty", "No page, and nothing on the way.", {}),
    shows("search", "A bar that searches too.", { search: true }),
    shows("opening", "The first page is on its way: its URL is shown, and nothing of it stands out.", {
      pending: page,
      loading: true,
    }),
    shows("about-to-load", "Another page is on its way: the URL of the one that is open stays.", {
      url: page,
      security: verified,
      pending: "http://shop.example.com/cart",
      loading: true,
      progress: 0.6,
      reloadable: true,
    }),
    shows("reloadable", "With the button that loads again.", { url: page, security: verified, reloadable: true }),
    shows("internationalised", "A name in the letters of another script, isolated from its neighbours.", {
      url: "https://bücher.example.org/مسار/صفحة?q=قيمة",
    }),
    shows("long-host", "A long host: cut from the front, so that the site stays.", {
      url: `https://www.example.org.${"account-security-check.".repeat(8)}login.example.com/confirm`,
    }),
    shows("long-path", "A long path: cut at its end.", { url: `${page}${"/and-a-long-way-to-go".repeat(12)}` }),
    shows("without-data", "Before the data have come: the whole host stands out, and no letters of other scripts.", {
      url: "https://www.bücher.example/",
      knowledge: {},
    }),
    shows("look-alike", "A name that looks like a site that the person visits.", {
      url: "https://examp1e.org/sign-in",
    }),
    shows("deceptive-name", "A well-known name in front of another site.", {
      url: "https://paypal.com.account-check.example/",
    }),
    shows("password-in-the-clear", "A page over plain http that asks for a password.", {
      url: "http://extranet.example.net/login",
      passwordField: true,
    }),
    shows("fresh-certificate", "A site that is not visited, with a certificate of yesterday.", {
      url: "https://brand-new.example/",
      security: {
        ...verified,
        origin: "https://brand-new.example",
        subject: "brand-new.example",
        notBefore: "2026-11-21T12:00:00Z",
      },
    }),
    shows("ip-address", "An address in place of a name, as it is and not as it was written.", {
      url: "http://0x7f.1:3000/",
    }),
    shows("panel", "What is known of the page.", { url: page, security: verified }, openPanel),
    shows(
      "panel-exception",
      "What is wrong with a certificate that was accepted.",
      { url: "https://printer.example.net:8443/status", security: excepted },
      openPanel,
    ),
    shows(
      "editing",
      "It has the focus: the whole URL, selected, in ASCII.",
      { url: page, security: verified },
      (bar) => {
        bar.focus();
      },
    ),
    shows("completing", "Visited addresses that go with what was typed.", { url: page, security: verified }, (bar) =>
      type(bar, "exa"),
    ),
    shows("choosing", "One of them chosen by the arrow keys.", { url: page, security: verified }, async (bar) => {
      await type(bar, "exa");
      await press(bar, "ArrowDown", "ArrowDown");
    }),
    shows("refusing", "A text that leads nowhere.", { url: page, security: verified }, async (bar) => {
      await type(bar, "https://exa mple.org/");
      await press(bar, "Enter");
    }),
    shows("pasted", "What was taken out of a pasted text is told.", { url: page, security: verified }, (bar) =>
      paste(bar, "<javascript:https://www.exam\u200bple.org/\n  guide/>"),
    ),
  ],
};

type Given = Partial<FairleadAddressBar>;

function shows(
  name: string,
  sentence: string,
  given: Given,
  prepare?: (bar: FairleadAddressBar) => void | Promise<void>,
): GalleryState {
  return {
    name,
    shows: sentence,
    render: () => draw(given),
    ...(prepare !== undefined && {
      // One bar of a page has the focus, and what it opens lies over what stands below.
      coversPage: true,
      prepare: async (host: HTMLElement) => {
        const bar = host.querySelector("fairlead-address-bar");
        if (bar === null) return;
        await prepare(bar);
        await bar.updateComplete;
      },
    }),
  };
}

function draw(given: Given): TemplateResult {
  return html`<fairlead-address-bar
      .url=${given.url}
      .pending=${given.pending}
      .loading=${given.loading ?? false}
      .progress=${given.progress}
      .reloadable=${given.reloadable ?? false}
      .search=${given.search ?? false}
      .security=${given.security}
      .passwordField=${given.passwordField ?? false}
      .knowledge=${given.knowledge ?? knowledge}
      .history=${visited}
      .now=${NOW}
    ></fairlead-address-bar>`;
}

function inputOf(bar: FairleadAddressBar): HTMLInputElement {
  const input = bar.shadowRoot?.querySelector("input");
  if (input === null || input === undefined) throw new Error("the address bar has no line");
  return input;
}

async function openPanel(bar: FairleadAddressBar): Promise<void> {
  bar.shadowRoot?.querySelector<HTMLElement>("[part=security]")?.click();
  await bar.updateComplete;
}

async function type(bar: FairleadAddressBar, text: string): Promise<void> {
  const input = inputOf(bar);
  bar.focus();
  await bar.updateComplete;
  input.value = text;
  input.setSelectionRange(text.length, text.length);
  input.dispatchEvent(new InputEvent("input", { inputType: "insertText", bubbles: true, composed: true }));
  await bar.updateComplete;
}

async function press(bar: FairleadAddressBar, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    inputOf(bar).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true }));
    await bar.updateComplete;
  }
}

async function paste(bar: FairleadAddressBar, text: string): Promise<void> {
  bar.focus();
  await bar.updateComplete;
  inputOf(bar).select();
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  inputOf(bar).dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  await bar.updateComplete;
}
