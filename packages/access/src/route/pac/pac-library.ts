/**
 * The functions that a proxy auto-configuration script may call, as text of the script's own world: nothing of this
 * process runs them. `lookUp` and `ownAddress` are what that world gets from outside.
 *
 * @see Netscape, "Navigator Proxy Auto-Config File Format"; there is no other standard.
 */
export const PAC_LIBRARY = String.raw`
"use strict";
((global, lookUp, ownAddress) => {
  const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
  const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

  const toNumber = (address) => {
    const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(String(address));
    if (parts === null || parts.slice(1).some((part) => Number(part) > 255)) return undefined;
    return parts.slice(1).reduce((value, part) => value * 256 + Number(part), 0);
  };
  const toAddress = (host) => (toNumber(host) === undefined ? lookUp(String(host)) : String(host));

  // Times and dates end with "GMT" where they are not local.
  const withoutZone = (values) => {
    const isGmt = values.length > 0 && String(values[values.length - 1]).toUpperCase() === "GMT";
    return { isGmt, values: isGmt ? values.slice(0, -1) : values };
  };
  // A range may go around the end: from October to March, from 22 to 6.
  const isWithin = (from, value, to) => (from <= to ? from <= value && value <= to : value >= from || value <= to);

  const functions = {
    isPlainHostName: (host) => !String(host).includes("."),
    dnsDomainIs: (host, domain) => String(host).toLowerCase().endsWith(String(domain).toLowerCase()),
    localHostOrDomainIs: (host, name) => {
      const [one, other] = [String(host).toLowerCase(), String(name).toLowerCase()];
      return one === other || (!one.includes(".") && other.startsWith(one + "."));
    },
    isResolvable: (host) => toAddress(host) !== null,
    dnsResolve: (host) => toAddress(host),
    myIpAddress: () => ownAddress,
    dnsDomainLevels: (host) => String(host).split(".").length - 1,
    convert_addr: (address) => toNumber(address) ?? 0,
    isInNet: (host, network, mask) => {
      const address = toNumber(toAddress(host));
      const [wanted, bits] = [toNumber(network), toNumber(mask)];
      if (address === undefined || wanted === undefined || bits === undefined) return false;
      return (address & bits) === (wanted & bits);
    },
    shExpMatch: (text, pattern) => {
      const escaped = String(pattern).replace(/[\\^$.|+()[\]{}]/g, "\\$&");
      return new RegExp("^" + escaped.replace(/\*+/g, "[^]*").replace(/\?/g, "[^]") + "$").test(String(text));
    },
    weekdayRange: (...given) => {
      const { isGmt, values } = withoutZone(given);
      const now = new Date();
      const [from, to = from] = values.map((day) => DAYS.indexOf(String(day).toUpperCase()));
      if (values.length === 0 || from < 0 || to < 0) return false;
      return isWithin(from, isGmt ? now.getUTCDay() : now.getDay(), to);
    },
    dateRange: (...given) => {
      const { isGmt, values } = withoutZone(given);
      const now = new Date();
      const today = isGmt
        ? { year: now.getUTCFullYear(), month: now.getUTCMonth(), day: now.getUTCDate() }
        : { year: now.getFullYear(), month: now.getMonth(), day: now.getDate() };
      const read = (value) => {
        const month = MONTHS.indexOf(String(value).toUpperCase());
        if (month >= 0) return { unit: "month", value: month };
        return { unit: Number(value) > 31 ? "year" : "day", value: Number(value) };
      };
      const parts = values.map(read);
      if (parts.length === 0 || parts.length === 5 || parts.length > 6) return false;
      if (parts.some((part) => Number.isNaN(part.value))) return false;
      if (parts.length === 1) return today[parts[0].unit] === parts[0].value;
      if (parts.length === 3) return parts.every((part) => today[part.unit] === part.value);
      // Both ends name the same units, so that dates compare as numbers.
      const half = parts.length / 2;
      const units = parts.slice(0, half).map((part) => part.unit);
      if (parts.slice(half).some((part, index) => part.unit !== units[index])) return false;
      const weigh = (date) => (date.year ?? 0) * 10000 + (date.month ?? 0) * 100 + (date.day ?? 0);
      const collect = (some) => Object.fromEntries(some.map((part) => [part.unit, part.value]));
      const only = Object.fromEntries(units.map((unit) => [unit, today[unit]]));
      return isWithin(weigh(collect(parts.slice(0, half))), weigh(only), weigh(collect(parts.slice(half))));
    },
    timeRange: (...given) => {
      const { isGmt, values } = withoutZone(given);
      const now = new Date();
      const [hours, minutes, seconds] = isGmt
        ? [now.getUTCHours(), now.getUTCMinutes(), now.getUTCSeconds()]
        : [now.getHours(), now.getMinutes(), now.getSeconds()];
      const numbers = values.map(Number);
      if (numbers.some(Number.isNaN)) return false;
      const [a, b, c, d, e, f] = numbers;
      const at = (hour, minute = 0, second = 0) => hour * 3600 + minute * 60 + second;
      const time = at(hours, minutes, seconds);
      switch (numbers.length) {
        case 1:
          return hours === a;
        case 2:
          // "to" is when it is over: from 9 to 17 ends at five.
          return isWithin(at(a), time, (at(b) + 86399) % 86400);
        case 4:
          return isWithin(at(a, b), time, (at(c, d) + 86399) % 86400);
        case 6:
          return isWithin(at(a, b, c), time, at(d, e, f));
        default:
          return false;
      }
    },
    alert: () => undefined,
  };
  for (const name of Object.keys(functions)) {
    Object.defineProperty(global, name, { value: functions[name], writable: true, configurable: true });
  }
})
`;
