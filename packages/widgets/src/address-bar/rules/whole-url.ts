/**
 * The URL that is open as it is edited and copied: ASCII, canonical, without user information, whatever the display makes
 * of it; empty for none, and for what is no URL.
 */
export function wholeUrl(open: string | undefined): string {
  const url = open === undefined ? null : URL.parse(open);
  if (url === null) return "";
  url.username = "";
  url.password = "";
  return url.href;
}
