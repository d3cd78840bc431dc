// Before anything is timed: do all contenders build the same requests? A fast builder of something else is no news.

import { isDeepStrictEqual } from "node:util";

/**
 * @param {{ title: string, requests: object[] }[]} built the first is what the others are held against
 * @returns {string[]} what differs and is allowed to: header names and values, and the order of a body's keys
 * @throws when method, URL or the body's meaning differ
 */
export function allowedDifferences([reference, ...others]) {
  const found = new Set();
  for (const { title, requests } of others) {
    requests.forEach((request, i) => {
      try {
        for (const difference of compare(reference.requests[i], request)) found.add(`${title}: ${difference}`);
      } catch (error) {
        throw new Error(`${title} and ${reference.title} build different requests: ${error.message}`);
      }
    });
  }
  return [...found];
}

function compare(expected, actual) {
  for (const part of ["method", "url"]) {
    if (expected[part] !== actual[part]) throw new Error(`${part} ${actual[part]}, ${expected[part]}`);
  }
  return [...bodies(expected.body, actual.body), ...headers(expected.headers, actual.headers)];
}

function bodies(expected, actual) {
  if ((expected ?? "") === (actual ?? "")) return [];
  if (!expected || !actual || !isDeepStrictEqual(JSON.parse(expected), JSON.parse(actual))) {
    throw new Error(`body\n  ${start(actual)}\n  ${start(expected)}`);
  }
  return ["body equal as JSON, in another order of keys"];
}

function headers(expected, actual) {
  const [wanted, given] = [lowerCase(expected), lowerCase(actual)];
  const differences = [];
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(given)])) {
    if (!(name in given)) differences.push(`no header ${name}`);
    else if (!(name in wanted)) differences.push(`one more header, ${name}`);
    else if (wanted[name] !== given[name] && name !== "authorization")
      differences.push(`header ${name}: ${given[name]}`);
  }
  return differences;
}

function lowerCase(headers) {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}

function start(text) {
  return text === undefined ? "(none)" : text.slice(0, 300);
}
