/**
 * An address as it is written on the page of another, so that both may be moved together: below a prefix, behind a proxy.
 *
 * @param from a path; what is written there is relative to it.
 * @param to a path.
 * @returns `../openapi.json`; `.` for the folder that `from` is in.
 * @see RFC 3986 section 5.2
 */
export function relativeAddress(from: `/${string}`, to: `/${string}`): string {
  const up = "../".repeat(from.split("/").length - 2);
  const address = `${up === "" ? "./" : up}${to.slice(1)}`;
  return to === "/" ? address.slice(0, -1) : address;
}
