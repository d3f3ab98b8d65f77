/** RFC 9110 section 5.6.2. */
const TOKEN = String.raw`[!#$%&'*+\-.^_\x60|~0-9A-Za-z]+`;
/** Characters of a field's value and of a reason phrase, RFC 9110 section 5.5 and RFC 9112 section 4. */
const TEXT = String.raw`[\t\x20-\x7e\x80-\xff]*`;
/** Without whitespace before the colon: RFC 9112 section 5.1. */
const FIELD_LINES = String.raw`(?:${TOKEN}:${TEXT}\r\n)*\r\n`;

/** Where a name stops being a token. */
export const LEADING_TOKEN = new RegExp(`^(?:${TOKEN})?`);
/** A token, and nothing else. */
export const WHOLE_TOKEN = new RegExp(`^${TOKEN}$`);
/** A token without capitals: how names of fields are kept. */
export const LOWER_CASE_TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
/** Characters of a URI without those of a fragment. Which of them stand where is not looked at. */
const TARGET = String.raw`[\x21\x22\x24-\x7e]+`;
/** A request target, and nothing else. */
export const WHOLE_TARGET = new RegExp(`^${TARGET}$`);
/** What no field value may hold: controls, and what is no byte. */
export const NO_FIELD_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * A whole head of a response, its empty line included; the first two groups are its status and reason. One empty line
 * before it, left by a body that was too long by a line end, is passed over as servers do (RFC 9112 section 2.2). The
 * space after the status may be missing with the reason: many servers leave it out.
 *
 * @see RFC 9112 section 4
 */
export const RESPONSE_HEAD_SOURCE = String.raw`(?:\r\n)?HTTP/1\.[0-9] [1-9][0-9][0-9](?: ${TEXT})?\r\n${FIELD_LINES}`;
/**
 * A whole head of a request, its empty line included. The version may be another,
 * which is answered with 505.
 *
 * @see RFC 9112 section 3
 */
export const REQUEST_HEAD_SOURCE = String.raw`${TOKEN} ${TARGET} HTTP/[0-9]\.[0-9]\r\n${FIELD_LINES}`;
/** A whole trailer section, its empty line included. RFC 9112 section 7.1.2. */
export const TRAILER_SOURCE = FIELD_LINES;
