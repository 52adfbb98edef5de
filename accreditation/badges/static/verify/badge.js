// The badge in a code: its text, its claims.

import {fromBase64url} from "./bytes.js";
import {CodeError, hasKeys, isBytes, isNumber, openMessage} from "./cose.js";

const MAX_CHARACTERS = 1000;
const LONGEST = {election: 40, text: 120, word: 20};
const MAX_AREAS = 12;
const PRIVATE = -65537;
const SCHEMA = 1;
// Controls, separators of lines, the byte order mark, what turns the direction of writing, angle brackets.
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069<>]/u;

/** The message in the text of a code. Raises CodeError "too_long" or "not_a_code". */
export function messageOf(text) {
    if (text.length > 2 * MAX_CHARACTERS || [...text].length > MAX_CHARACTERS) {
        throw new CodeError("too_long");
    }
    const bytes = fromBase64url(text.slice(text.indexOf("#") + 1));
    if (bytes === null || bytes.length === 0) {
        throw new CodeError("not_a_code");
    }
    return bytes;
}

/**
 * What a code holds, nothing verified: `{message, claims}`. Raises CodeError "too_long", "not_a_code", "malformed",
 * "algorithm" or "claims".
 */
export function openBadge(text) {
    const message = openMessage(messageOf(text));
    return {message, claims: claimsOf(message.content)};
}

function claimsOf(content) {
    if (!hasKeys(content, [1, 4, 5, 6, 7, PRIVATE]) || !hasKeys(content.get(PRIVATE), [0, 1, 2, 3, 4, 5, 7], [6])) {
        throw new CodeError("claims");
    }
    const card = content.get(PRIVATE);
    const claims = {
        election: content.get(1),
        codeId: content.get(7),
        number: card.get(1),
        issue: card.get(7),
        name: card.get(2),
        organization: card.get(3),
        role: card.get(4),
        areas: areasOf(card.get(5)),
        portrait: card.has(6) ? card.get(6) : null,
        notBefore: content.get(5),
        expires: content.get(4),
        issued: content.get(6),
    };
    const areSound = isNumber(card.get(0), SCHEMA, SCHEMA) && isPlain(claims.election, LONGEST.election)
        && isPlain(claims.name, LONGEST.text) && isPlain(claims.organization, LONGEST.text)
        && isPlain(claims.role, LONGEST.word) && isNumber(claims.number, 1) && isNumber(claims.issue, 1)
        && [claims.notBefore, claims.expires, claims.issued].every((time) => isNumber(time))
        && isBytes(claims.codeId, 8) && (!card.has(6) || isBytes(claims.portrait, 16));
    if (!areSound) {
        throw new CodeError("claims");
    }
    return claims;
}

function areasOf(value) {
    if (value === "all") {
        return [];
    }
    const isList = Array.isArray(value) && value.length >= 1 && value.length <= MAX_AREAS;
    if (!isList || !value.every((area) => isPlain(area, LONGEST.word))) {
        throw new CodeError("claims");
    }
    return value;
}

function isPlain(value, longest) {
    return typeof value === "string" && value !== "" && [...value].length <= longest && !FORBIDDEN.test(value);
}
