/** The views of the page, in the order of the navigation. */
export const viewNames = ["requests", "memory", "downloads", "test-network", "settings"] as const;

/** One view. */
export type ViewName = (typeof viewNames)[number];

/** Where in the page a person is: `#requests/12/response`. */
export interface Route {
  readonly view: ViewName;
  /** What of the view: its own to read. */
  readonly path: readonly string[];
}

/** Reads the fragment of the address. What names no view is the list of requests. */
export function parseRoute(fragment: string): Route {
  const [name = "", ...path] = fragment.replace(/^#/, "").split("/");
  const view = viewNames.find((each) => each === name);
  return view === undefined ? { view: "requests", path: [] } : { view, path: path.map(decodePart) };
}

/** The fragment of a place in the page. */
export function formatRoute({ view, path }: Route): string {
  return `#${[view, ...path.map(encodeURIComponent)].join("/")}`;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
