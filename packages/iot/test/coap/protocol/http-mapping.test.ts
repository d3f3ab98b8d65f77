import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type CoapCode,
  coapCodeOfHttpStatus,
  contentFormatOfMediaType,
  httpStatusOfCoapCode,
  mediaTypeOfContentFormat,
} from "@fairlead/iot/coap/protocol";
import fc from "fast-check";

describe("codes and statuses", () => {
  /** RFC 8075 table 2; RFC 8132, 8516, 8768 for those that came later. */
  const statuses: readonly (readonly [code: CoapCode, hasPayload: boolean, status: number])[] = [
    ["2.01", false, 201],
    ["2.02", true, 200],
    ["2.02", false, 204],
    ["2.03", false, 304],
    ["2.04", true, 200],
    ["2.04", false, 204],
    ["2.05", true, 200],
    ["2.31", false, 502],
    ["4.00", true, 400],
    ["4.01", true, 403],
    ["4.02", true, 400],
    ["4.03", true, 403],
    ["4.04", true, 404],
    ["4.05", true, 400],
    ["4.06", true, 406],
    ["4.08", true, 502],
    ["4.09", true, 409],
    ["4.12", true, 412],
    ["4.13", true, 413],
    ["4.15", true, 415],
    ["4.22", true, 422],
    ["4.29", true, 429],
    ["5.00", true, 500],
    ["5.01", true, 501],
    ["5.02", true, 502],
    ["5.03", true, 503],
    ["5.04", true, 504],
    ["5.05", true, 502],
    ["5.08", true, 508],
    ["7.01", true, 502],
  ];
  for (const [code, hasPayload, status] of statuses) {
    test(`${code} ${hasPayload ? "with" : "without"} a payload is ${status} (RFC 8075 section 7)`, () => {
      assert.equal(httpStatusOfCoapCode(code, hasPayload), status);
    });
  }

  /** RFC 7252 sections 10.1.1 to 10.1.4. */
  const codes: readonly (readonly [method: string, status: number, code: CoapCode])[] = [
    ["GET", 200, "2.05"],
    ["GET", 206, "2.05"],
    ["GET", 304, "2.03"],
    ["PUT", 201, "2.01"],
    ["PUT", 204, "2.04"],
    ["DELETE", 200, "2.02"],
    ["DELETE", 204, "2.02"],
    ["POST", 201, "2.01"],
    ["POST", 200, "2.04"],
    ["GET", 301, "5.02"],
    ["GET", 404, "4.04"],
    ["GET", 418, "4.00"],
    ["GET", 507, "5.00"],
    ["GET", 0, "5.02"],
  ];
  for (const [method, status, code] of codes) {
    test(`${method} answered by ${status} is ${code} (RFC 7252 section 10.1)`, () => {
      assert.equal(coapCodeOfHttpStatus(status, method), code);
    });
  }
});

describe("media types and content formats (RFC 8075 section 6)", () => {
  const formats: readonly (readonly [mediaType: string, format: number | undefined])[] = [
    ["text/plain", 0],
    ["text/plain; charset=UTF-8", 0],
    ["text/plain;charset=iso-8859-1", undefined],
    ["Application/JSON", 50],
    ["application/json; charset=utf-8", 50],
    ["application/cbor", 60],
    ["application/coap-payload;cf=65535", 65_535],
    ["application/coap-payload;cf=65536", undefined],
    ["application/coap-payload;cf=-1", undefined],
    ["application/coap-payload", undefined],
    ["text/html", undefined],
    ["nonsense", undefined],
  ];
  for (const [mediaType, format] of formats) {
    test(`${mediaType} is ${format ?? "none"}`, () => assert.equal(contentFormatOfMediaType(mediaType), format));
  }

  test("every content format has a media type that stands for it alone", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65_535 }), (format) => {
        assert.equal(contentFormatOfMediaType(mediaTypeOfContentFormat(format)), format);
      }),
    );
  });
});
