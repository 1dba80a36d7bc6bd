/**
 * Labels of a text: of each of its characters a fact that a reader may know once it has read it, such as the position in the
 * line or whether a string is open.
 *
 * Characters are code points, as in an alphabet of characters. Code is TypeScript, cut into tokens by the package `js-tokens`.
 *
 * @module
 */
import jsTokens from "js-tokens";

/**
 * Labels each character with its position in the line; a line break is at position 0 of the line that it begins.
 *
 * @example Two lines.
 * ```ts
 * import { positionsInLine } from "@/text/labels.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...positionsInLine("ab\ncd")], [1, 2, 0, 1, 2]);
 * ```
 * @param text The text.
 * @returns How many characters have been read since the last line break, of each character.
 */
export function positionsInLine(text: string): Float64Array {
  let position = 0;
  return labelCharacters(text, (character) => position = character === "\n" ? 0 : position + 1);
}

/**
 * Labels each character with the indentation of its line.
 *
 * @example A line keeps its label to its end.
 * ```ts
 * import { indentations } from "@/text/labels.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...indentations("{\n  a b\n}")], [0, 0, 1, 2, 2, 2, 2, 0, 0]);
 * ```
 * @param text The text.
 * @returns The blanks at the beginning of the line that have been read, of each character.
 */
export function indentations(text: string): Float64Array {
  let [blanks, isBlank] = [0, true];
  return labelCharacters(text, (character) => {
    if (character === "\n") [blanks, isBlank] = [0, true];
    else if (character === " " && isBlank) blanks++;
    else isBlank = false;
    return blanks;
  });
}

/**
 * Labels each character of code with whether a quoted string is open after it; templates, comments and regular expressions
 * are no strings.
 *
 * @example From the opening quotation mark to the last character before the closing one; the mark in the comment opens none.
 * ```ts
 * import { insideStrings } from "@/text/labels.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(insideStrings('f("a"); // "').join(""), "001100000000");
 * ```
 * @param code TypeScript.
 * @returns 1 or 0 of each character.
 */
export function insideStrings(code: string): Float64Array {
  return labelTokens(
    code,
    ({ type, value }) =>
      type === "StringLiteral"
        ? [...value].map((_, k, characters) => Number(k < characters.length - 1))
        : [0],
  );
}

/**
 * Labels each character of code with whether it is part of a comment.
 *
 * @example A comment to the end of the line, and what only looks like one.
 * ```ts
 * import { insideComments } from "@/text/labels.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(insideComments('a("//");// b').join(""), "000000001111");
 * ```
 * @param code TypeScript.
 * @returns 1 or 0 of each character.
 */
export function insideComments(code: string): Float64Array {
  return labelTokens(code, ({ type }) => [Number(type.endsWith("Comment"))]);
}

/**
 * Labels each character of code with the number of open brackets, of all three kinds; those in strings, comments and around
 * the expressions of templates do not count.
 *
 * @example A bracket in a string.
 * ```ts
 * import { bracketDepths } from "@/text/labels.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(bracketDepths('f([")"])').join(""), "01222210");
 * ```
 * @param code TypeScript.
 * @returns The number of brackets that are open after each character; a bracket that closes none leaves it at 0.
 */
export function bracketDepths(code: string): Float64Array {
  let depth = 0;
  return labelTokens(code, ({ type, value }) => {
    if (isOpening(type, value)) depth++;
    else if (isClosing(type, value)) depth = Math.max(0, depth - 1);
    return [depth];
  });
}

/**
 * Labels each character of code with whether the condition of an `if` is open after it.
 *
 * @example From the opening bracket to the last character before the closing one.
 * ```ts
 * import { insideConditions } from "@/text/labels.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(insideConditions("if (f(a)) b(c)").join(""), "00011111000000");
 * ```
 * @param code TypeScript.
 * @returns 1 or 0 of each character.
 */
export function insideConditions(code: string): Float64Array {
  let [depth, isAwaited] = [0, false]; // depth counts only brackets of a condition
  return labelTokens(code, ({ type, value }) => {
    if (depth > 0) depth += Number(isOpening(type, value)) - Number(isClosing(type, value));
    else if (isAwaited && value === "(") depth = 1;
    if (type === "IdentifierName") isAwaited = value === "if";
    else if (type !== "WhiteSpace") isAwaited = false;
    return [Number(depth > 0)];
  });
}

/** A token's kind and its characters. */
type Token = Readonly<Record<"type" | "value", string>>;

const isOpening = (type: string, value: string) => type === "Punctuator" && /^[(\[{]$/.test(value);
const isClosing = (type: string, value: string) => type === "Punctuator" && /^[)\]}]$/.test(value);

function labelCharacters(text: string, label: (character: string) => number): Float64Array {
  return Float64Array.from(text, label);
}

/** Labels the characters of each token in turn: `label` returns a label for each, or one for all. */
function labelTokens(code: string, label: (token: Token) => readonly number[]): Float64Array {
  const labels: number[] = [];
  for (const token of jsTokens(code)) {
    const own = label(token);
    for (const [k] of [...token.value].entries()) labels.push(own[Math.min(k, own.length - 1)]);
  }
  return Float64Array.from(labels);
}
