// Signed messages: COSE_Sign1 with ES256, as docs/badge-code.md has them.

import {concat} from "./bytes.js";
import {FormError, decode, encodeBytes, encodeText} from "./cbor.js";

const TAG = 0xd2;
const ES256 = -7;
const SIGNATURE1 = concat(Uint8Array.of(0x84), encodeText("Signature1"));
const UTF8 = new TextEncoder();
const CURVE = {name: "ECDSA", namedCurve: "P-256"};

/** Why a code or a list is refused; `reason` is a word of the table in docs/badge-code.md. */
export class CodeError extends Error {
    constructor(reason, detail = "") {
        super(detail || reason);
        this.reason = reason;
    }
}

/**
 * The parts of a message, nothing verified: `{kid, protected, payload, content, signature}`. `content` is the decoded
 * payload. Raises CodeError "malformed" or "algorithm".
 */
export function openMessage(bytes) {
    try {
        const [header, payload, signature] = partsOf(bytes);
        const content = decode(payload);
        return {kid: keyOf(decode(header)), protected: header, payload, content, signature};
    } catch (error) {
        throw error instanceof FormError ? new CodeError("malformed", error.message) : error;
    }
}

function partsOf(bytes) {
    if (bytes[0] !== TAG) {
        throw new FormError("the tag is missing");
    }
    const message = decode(bytes.subarray(1));
    if (!Array.isArray(message) || message.length !== 4) {
        throw new FormError("not four parts");
    }
    const [header, unprotected, ...rest] = message;
    if (![header, ...rest].every((part) => isBytes(part)) || !(unprotected instanceof Map) || unprotected.size !== 0) {
        throw new FormError("not the four parts");
    }
    return [header, ...rest];
}

function keyOf(header) {
    if (!(header instanceof Map) || !header.has(1)) {
        throw new FormError("no algorithm");
    }
    if (header.get(1) !== ES256) {
        throw new CodeError("algorithm"); // told before anything else of the header
    }
    const kid = header.get(4);
    if (header.size !== 2 || !isBytes(kid, 8)) {
        throw new FormError("not our header");
    }
    return kid;
}

/** The key that signed the message for this purpose, or null. `keys` hold a CryptoKey as `verifier`. */
export async function signerOf(message, keys, purpose) {
    const signed = concat(
        SIGNATURE1, encodeBytes(message.protected), encodeBytes(UTF8.encode(purpose)), encodeBytes(message.payload),
    );
    for (const key of keys) {
        if (await crypto.subtle.verify({name: "ECDSA", hash: "SHA-256"}, key.verifier, message.signature, signed)) {
            return key;
        }
    }
    return null;
}

/** A key that verifies, from x and y. Raises CodeError when they are no point of the curve. */
export async function verifierOf(x, y) {
    try {
        return await crypto.subtle.importKey("raw", concat(Uint8Array.of(4), x, y), CURVE, false, ["verify"]);
    } catch {
        throw new CodeError("malformed", "not a point of the curve");
    }
}

/** The first 8 bytes of SHA-256 over the point. */
export async function kidOf(x, y) {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(x, y))).slice(0, 8);
}

/** Whether the value is a byte string, of this length if one is given. */
export function isBytes(value, length = null) {
    return value instanceof Uint8Array && (length === null || value.length === length);
}

/** Whether the value is an integer of the range; times and numbers have 32 bits. */
export function isNumber(value, least = 0, most = 2 ** 32 - 1) {
    return Number.isInteger(value) && value >= least && value <= most;
}

/** Whether the value is a map with these keys, and besides them at most the optional ones. */
export function hasKeys(value, keys, optional = []) {
    return value instanceof Map && keys.every((key) => value.has(key))
        && [...value.keys()].every((key) => keys.includes(key) || optional.includes(key));
}
