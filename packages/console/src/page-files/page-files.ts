/** What the page is made of, by its path below the page's address: `index.html`, `main.js`. */
export type PageFiles = ReadonlyMap<string, Uint8Array>;
