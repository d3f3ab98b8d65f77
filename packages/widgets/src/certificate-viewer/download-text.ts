/** Hands a text to the downloads of the browser, as a file. */
export function downloadText(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/x-pem-file" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  // The download has its own hold on the data by the time that timers run.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  });
}
