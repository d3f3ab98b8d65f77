/** A page, as `/html` has it. */
export const page = `<!DOCTYPE html>
<html>
  <head><title>A test page</title></head>
  <body>
    <h1>The harbour at night</h1>
    <div>
      <p>Lines were made fast to the cleats, and the tide turned without anybody's leave. Of the ships that had come in
      that day, three were gone by morning.</p>
    </div>
  </body>
</html>
`;

/** The document of `/json`, in the shape that httpbin's has. */
export const slideshow: unknown = {
  slideshow: {
    author: "Yours Truly",
    date: "date of publication",
    slides: [
      { title: "Wake up to WonderWidgets!", type: "all" },
      {
        items: ["Why <em>WonderWidgets</em> are great", "Who <em>buys</em> WonderWidgets"],
        title: "Overview",
        type: "all",
      },
    ],
    title: "Sample Slide Show",
  },
};

/** The document of `/xml`, in the same shape. */
export const slideshowXml = `<?xml version='1.0' encoding='us-ascii'?>
<!-- A sample set of slides -->
<slideshow title="Sample Slide Show" date="Date of publication" author="Yours Truly">
    <slide type="all">
      <title>Wake up to WonderWidgets!</title>
    </slide>
    <slide type="all">
      <title>Overview</title>
      <item>Why <em>WonderWidgets</em> are great</item>
      <item/>
      <item>Who <em>buys</em> WonderWidgets</item>
    </slide>
</slideshow>
`;

/** What robots may not see. */
export const robots = "User-agent: *\nDisallow: /deny\n";

/** Text of many scripts, for those who read UTF-8. */
export const utf8Page = `<!DOCTYPE html>
<html>
  <head><meta charset="utf-8"><title>UTF-8</title></head>
  <body>
    <h1>Unicode in UTF-8</h1>
    <pre>
Greek       Ξεσκεπάζω τὴν ψυχοφθόρα βδελυγμία
Russian     Съешь же ещё этих мягких французских булок
Georgian    გთხოვთ ახლავე გაიაროთ რეგისტრაცია
Hebrew      דג סקרן שט לו בים זך
Arabic      نص حكيم له سر قاطع
Thai        เป็นมนุษย์สุดประเสริฐ
Japanese    いろはにほへと ちりぬるを
Chinese     視野無限廣，窗外有藍天
Runes       ᚠᛇᚻ᛫ᛒᛦᚦ᛫ᚠᚱᚩᚠᚢᚱ
Braille     ⡌⠁⠧⠑ ⠼⠁⠒
Mathematics ∮ E⋅da = Q,  n → ∞, ∑ f(i) = ∏ g(i)
Box         ╔══╦══╗ ▉▊▋▌▍▎▏
Beyond      𝄞 🦊 👩‍👩‍👧 e\u0301
    </pre>
  </body>
</html>
`;

/** A form that posts to `/post`. */
export function orderForm(action: string): string {
  const field = (label: string, name: string, type: string): string =>
    `    <p><label>${label} <input type="${type}" name="${name}"></label></p>`;
  const choice = (kind: string, name: string, value: string): string =>
    `      <label><input type="${kind}" name="${name}" value="${value}"> ${value}</label>`;
  return [
    '<!DOCTYPE html>\n<html>\n  <head><meta charset="utf-8"><title>An order</title></head>\n  <body>',
    `  <form method="post" action="${action}">`,
    field("Customer name:", "custname", "text"),
    field("Telephone:", "custtel", "tel"),
    field("E-mail address:", "custemail", "email"),
    "    <fieldset><legend>Pizza Size</legend>",
    ...["small", "medium", "large"].map((size) => choice("radio", "size", size)),
    "    </fieldset>\n    <fieldset><legend>Pizza Toppings</legend>",
    ...["bacon", "cheese", "onion", "mushroom"].map((topping) => choice("checkbox", "topping", topping)),
    "    </fieldset>",
    field("Preferred delivery time:", "delivery", "time"),
    '    <p><label>Delivery instructions: <textarea name="comments"></textarea></label></p>',
    "    <p><button>Submit order</button></p>\n  </form>\n  </body>\n</html>\n",
  ].join("\n");
}
