/** Has the browser save bytes as a file, as if the person had followed a link to it. */
export function saveBlob(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser has taken the bytes when the click has been dealt with.
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}
