import type { CommandEntry } from "./command.ts";

/** All commands, in the order of the help page. Each is loaded when it is called, and nothing of the others. */
export const commands: readonly CommandEntry[] = [
  {
    name: "get",
    summary: "request a URL, and show what happened on the way",
    load: async () => (await import("./commands/get.ts")).get,
  },
  {
    name: "console",
    summary: "open a page on which you see what a network does, live",
    load: async () => (await import("./commands/console.ts")).consoleCommand,
  },
  {
    name: "login",
    summary: "sign in at a server, and have 'get' send the token",
    load: async () => (await import("./commands/login.ts")).login,
  },
  {
    name: "logout",
    summary: "have tokens revoked, and forget them",
    load: async () => (await import("./commands/logout.ts")).logout,
  },
  {
    name: "store",
    summary: "show, forget, move, encrypt what was remembered",
    load: async () => (await import("./commands/store.ts")).store,
  },
  {
    name: "tls",
    summary: "show what the TLS backends can, and what a server does",
    load: async () => (await import("./commands/tls.ts")).tls,
  },
  {
    name: "url",
    summary: "explain what a URL is shown as, and what could deceive",
    load: async () => (await import("./commands/url.ts")).url,
  },
  {
    name: "connectivity",
    summary: "tell whether there is an internet, or a captive portal",
    load: async () => (await import("./commands/connectivity.ts")).connectivity,
  },
  {
    name: "serve",
    summary: "serve the files of a directory, over http or https",
    load: async () => (await import("./commands/serve.ts")).serve,
  },
  {
    name: "coap",
    summary: "ask, observe and discover small devices, or be one",
    load: async () => (await import("./commands/coap.ts")).coap,
  },
  {
    name: "testserver",
    summary: "run a network of servers that misbehave on demand",
    load: async () => (await import("./commands/testserver.ts")).testserver,
  },
  {
    name: "openapi",
    summary: "make contracts of OpenAPI documents",
    load: async () => (await import("./commands/openapi.ts")).openapi,
  },
  {
    name: "tour",
    summary: "watch requests go through the whole stack, on loopback",
    load: async () => (await import("./commands/tour.ts")).tour,
  },
  {
    name: "help",
    summary: "explain a command, or 'exit-codes'",
    load: async () => (await import("./commands/help.ts")).createHelp(commands),
  },
];
