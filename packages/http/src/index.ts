/** Rules of HTTP and its neighbours as pure functions. Cookies and sites are imported by their own paths, for their size. */
export * from "./hsts/index.ts";
export * from "./redirects/index.ts";
