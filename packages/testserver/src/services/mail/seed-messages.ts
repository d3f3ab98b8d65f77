/** The messages that a mailbox has at first, dated by the network's clock: plain, with an attachment, and awkward. */
export function seedMessages(now: number): readonly Buffer[] {
  return [
    message(
      now,
      1,
      "Welcome",
      ["Content-Type: text/plain; charset=utf-8"],
      ["This mailbox is for tests.", "", "-- ", "Fairlead"],
    ),
    message(
      now,
      2,
      "=?utf-8?B?R3LDvMOfZSDwn5Ks?=",
      ["MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="part"'],
      [
        ...[
          "--part",
          "Content-Type: text/plain; charset=utf-8",
          "Content-Transfer-Encoding: 8bit",
          "",
          "Grüße aus Köln 💬",
        ],
        ...["--part", 'Content-Type: application/octet-stream; name="a.bin"', "Content-Transfer-Encoding: base64"],
        ...['Content-Disposition: attachment; filename="a.bin"', "", "AAECAwQFBgcICQ==", "--part--"],
      ],
    ),
    message(
      now,
      3,
      "Dots and long lines",
      [],
      [".", "..", ".a line that begins with a dot", "x".repeat(990), "From here"],
    ),
  ];
}

function message(
  now: number,
  number: number,
  subject: string,
  header: readonly string[],
  body: readonly string[],
): Buffer {
  const lines = [
    "From: Fairlead <fairlead@a.fairlead.test>",
    "To: user@a.fairlead.test",
    `Subject: ${subject}`,
    `Date: ${mailDate(now)}`,
    `Message-ID: <seed-${number}@a.fairlead.test>`,
    ...header,
    "",
    ...body,
    "",
  ];
  return Buffer.from(lines.join("\r\n"));
}

/** A date as messages have it. RFC 5322 section 3.3. */
export function mailDate(milliseconds: number): string {
  return new Date(milliseconds).toUTCString().replace("GMT", "+0000");
}
