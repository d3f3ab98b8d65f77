import type { MemoryMessages } from "./messages.ts";

const count = (number: number): string => new Intl.NumberFormat("en").format(number);

/** What the view says, in English. */
export const memory: MemoryMessages = {
  title: "Memory",
  kinds: {
    hsts: "HSTS",
    cookies: "Cookies",
    tickets: "TLS tickets",
    intermediates: "Intermediates",
    redirects: "Redirects",
    responses: "Cache",
    exceptions: "Exceptions",
  },
  purposes: {
    hsts: "Hosts that have said to be reached by https alone. Nobody on the way can lead them back to plain http.",
    cookies: "What servers gave to be sent back to them: sessions, settings.",
    tickets: "What connections left behind, so that the next one to the same server is opened sooner.",
    intermediates: "Certificates between a server's and its authority's, to complete chains that servers send in part.",
    redirects: "Permanent redirects, so that the old address need not be asked again.",
    responses: "Responses that may be used again instead of being asked for.",
    exceptions: "Certificates that verification refuses, and that somebody decided to accept.",
  },
  losses: {
    hsts: "Until the host says it again, a request for http goes out in the clear, and anybody on the way can read and change it.",
    cookies: "Its servers do not know this client any more: sessions end, settings are lost.",
    tickets: "The next connection takes one round trip more, and cannot send early data.",
    intermediates: "A server that sends an incomplete chain is asked for the rest anew, or refused.",
    redirects: "The old address is asked again.",
    responses: "What was kept is fetched again.",
    exceptions: "The server is refused again, until somebody decides anew.",
  },
  search: "Search",
  matches: (number, search) => (search === "" ? `${count(number)} remembered` : `${count(number)} with “${search}”`),
  nothingFound: "Nothing matches.",
  empty: "Nothing is remembered.",
  expires: (date) => `until ${date}`,
  more: "Show more",
  forget: "Forget",
  forgetNamed: (subject) => `Forget ${subject}`,
  forgetAll: (number) => `Forget all ${count(number)}`,
  forgetMatching: (number, search) => `Forget all ${count(number)} with “${search}”`,
  asked: (what) => `${what}?`,
  confirm: "Forget",
  keep: "Keep",
};
