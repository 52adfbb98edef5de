// The two lists that a checker trusts: the signing keys of an election, and the badges that were taken back.

import {compare, toHex} from "./bytes.js";
import {CodeError, hasKeys, isBytes, isNumber, kidOf, openMessage, signerOf, verifierOf} from "./cose.js";

const PRIVATE = -65537;
const SCHEMA = 1;
const ID = 8;
const ENTRY = ID + 1;
const MAX_NUMBER = Number.MAX_SAFE_INTEGER;
const REASONS = new Map([[1, "withdrawn"], [2, "lost"], [3, "replaced"], [4, "void"]]);

/**
 * The list of keys that the root of the election signed: `{election, number, issued, keys}`. `root` is `{x, y}`,
 * `highest` the greatest number that was ever taken. Raises CodeError.
 */
export async function openKeyList(bytes, root, {election, environment, highest = 0}) {
    const message = openMessage(bytes);
    if (compare(message.kid, await kidOf(root.x, root.y)) !== 0) {
        throw new CodeError("unknown_key");
    }
    const trusted = {verifier: await verifierOf(root.x, root.y)};
    if ((await signerOf(message, [trusted], `obs-keys/v1/${election}/${environment}`)) === null) {
        throw new CodeError("signature");
    }
    const {head, issued} = listOf(message.content, election, [0, 1, 2]);
    if (!Array.isArray(head.get(2))) {
        throw new CodeError("claims");
    }
    const keys = await Promise.all(head.get(2).map(keyOf));
    if (new Set(keys.map((key) => toHex(key.kid))).size !== keys.length) {
        throw new CodeError("claims");
    }
    return notBelow(highest, {election, number: head.get(1), issued, keys});
}

async function keyOf(record) {
    if (!hasKeys(record, [1, 2, 3, 4, 5, 6, 7])) {
        throw new CodeError("claims");
    }
    const [kid, x, y, firstUse, lastSignature, end, withdrawn] = [1, 2, 3, 4, 5, 6, 7].map((key) => record.get(key));
    const isSound = isBytes(kid, 8) && isBytes(x, 32) && isBytes(y, 32)
        && [firstUse, lastSignature, end].every((time) => isNumber(time)) && [0, 1].includes(withdrawn)
        && firstUse <= lastSignature && lastSignature <= end;
    if (!isSound || compare(kid, await kidOf(x, y)) !== 0) {
        throw new CodeError("claims");
    }
    return {kid, firstUse, lastSignature, end, isWithdrawn: withdrawn === 1, verifier: await verifierOf(x, y)};
}

/**
 * The list of revoked badges: `{election, number, issued, nextUpdate, entries}`. A key of the list signed it while it
 * might, and is not withdrawn. Raises CodeError.
 */
export async function openRevocations(bytes, keys, {environment, highest = 0}) {
    const message = openMessage(bytes);
    const revoked = revocationsOf(message, keys.election);
    const named = keys.keys.filter((key) => compare(key.kid, message.kid) === 0);
    if (named.length === 0) {
        throw new CodeError("unknown_key");
    }
    const signer = await signerOf(message, named, `obs-revocations/v1/${keys.election}/${environment}`);
    if (signer === null) {
        throw new CodeError("signature");
    }
    if (signer.isWithdrawn) {
        throw new CodeError("key_withdrawn");
    }
    if (revoked.issued < signer.firstUse || revoked.issued > signer.lastSignature) {
        throw new CodeError("outside_key");
    }
    return notBelow(highest, revoked);
}

function notBelow(highest, list) {
    if (list.number < highest) {
        throw new CodeError("old_number");
    }
    return list;
}

function revocationsOf(message, election) {
    const {head, issued} = listOf(message.content, election, [0, 1, 2, 3]);
    const entries = head.get(3);
    if (!isNumber(head.get(2)) || !isBytes(entries) || entries.length % ENTRY !== 0 || !areSorted(entries)) {
        throw new CodeError("claims");
    }
    return {election, number: head.get(1), issued, nextUpdate: head.get(2), entries};
}

function areSorted(entries) {
    for (let offset = 0; offset < entries.length; offset += ENTRY) {
        const isSorted = offset === 0 || compareIds(entries, offset - ENTRY, entries, offset) < 0;
        if (!isSorted || !REASONS.has(entries[offset + ID])) {
            return false;
        }
    }
    return true;
}

/** Compare two code ids where they lie: nothing is made for each of ninety thousand. */
function compareIds(a, atA, b, atB) {
    for (let index = 0; index < ID; index += 1) {
        if (a[atA + index] !== b[atB + index]) {
            return a[atA + index] - b[atB + index];
        }
    }
    return 0;
}

/** Why the badge of this code id was taken back; null when it is not on the list. */
export function reasonOf(revocations, codeId) {
    let low = 0;
    let high = revocations.entries.length / ENTRY - 1;
    while (low <= high) {
        const middle = (low + high) >> 1;
        const order = compareIds(revocations.entries, middle * ENTRY, codeId, 0);
        if (order === 0) {
            return REASONS.get(revocations.entries[middle * ENTRY + ID]);
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle - 1;
        }
    }
    return null;
}

function listOf(content, election, keys) {
    const isList = hasKeys(content, [1, 6, PRIVATE]) && hasKeys(content.get(PRIVATE), keys);
    const head = isList ? content.get(PRIVATE) : null;
    if (!isList || head.get(0) !== SCHEMA || !isNumber(content.get(6)) || !isNumber(head.get(1), 1, MAX_NUMBER)) {
        throw new CodeError("claims");
    }
    if (content.get(1) !== election) {
        throw new CodeError("other_election");
    }
    return {head, issued: content.get(6)};
}
