import { html } from "lit";
import type { CredentialQuestion } from "@fairlead/widgets";
import type { GallerySection, GalleryState } from "./section.ts";

const usual: CredentialQuestion = {
  role: "origin",
  origin: "https://intranet.harbour.example:8443",
  realm: "Staff area",
  scheme: "digest",
  isPlain: false,
  canStore: true,
};

const inTheClear: CredentialQuestion = {
  ...usual,
  origin: "http://printer.lan",
  realm: "Printer",
  scheme: "basic",
  isPlain: true,
  canStore: false,
};

/** The question for credentials in all its states. */
export const signIn: GallerySection = {
  tag: "fairlead-sign-in",
  states: [
    state("digest", "A server asks over TLS; the answer may be kept.", usual),
    state("basic", "A server wants the password itself, over TLS.", { ...usual, scheme: "basic", realm: "" }),
    state("basic-in-the-clear", "Everybody on the way can read the password: it takes a deliberate act.", inTheClear),
    state("digest-in-the-clear", "The password stays secret, the content does not.", {
      ...inTheClear,
      scheme: "digest",
    }),
    state("ntlm-in-the-clear", "A recorded exchange lets passwords be guessed.", { ...inTheClear, scheme: "ntlm" }),
    state("proxy", "A proxy asks.", {
      ...inTheClear,
      role: "proxy",
      origin: "http://proxy.harbour.example:3128",
      realm: "Harbour proxy",
      scheme: "negotiate",
    }),
    state("refused", "What was answered before was refused.", {
      ...usual,
      refused: ["alice", "alice@harbour.example"],
    }),
    state("settled-account", "Who it has to be is settled.", { ...usual, username: "git" }),
    state("embedded", "An image of another site asks.", {
      ...usual,
      origin: "https://cdn.tracker.example",
      embeddedIn: "https://news.example",
    }),
    state("token", "A server wants a token.", { ...usual, scheme: "bearer" }),
    state("unknown-scheme", "A method that nobody here knows.", { ...inTheClear, scheme: "hoba" }),
    state("posing-realm", "A realm poses as the program, in markup and the other direction.", {
      ...usual,
      origin: "https://xn--pypal-4ve.example",
      realm: `Fairlead: your session has ended. <b>Enter your \u202e password</b>\n\n${"again and ".repeat(40)}`,
      refused: ['"><img src=x onerror=alert(1)>\u202e'],
    }),
    {
      ...state("incomplete", "What is missing is said where it is missing.", inTheClear),
      prepare: (host: HTMLElement): void => {
        const element = host.querySelector("fairlead-sign-in");
        element?.shadowRoot?.querySelector<HTMLElement>("button.primary")?.click();
        // It goes to the field, where it would be in the way of all other states.
        element?.blur();
      },
    },
  ],
};

function state(name: string, shows: string, question: CredentialQuestion): GalleryState {
  return { name, shows, render: () => html`<fairlead-sign-in .question=${question}></fairlead-sign-in>` };
}
