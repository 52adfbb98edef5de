// A strict reader of CBOR: the deterministic form of docs/badge-code.md and nothing else.
//
// Integers that a browser counts exactly, byte strings (as Uint8Array, views of the input), texts, arrays, and maps
// with integers as keys (as Map).

import {compare, concat} from "./bytes.js";

const UTF8 = new TextEncoder();
const STRICT_UTF8 = new TextDecoder("utf-8", {fatal: true, ignoreBOM: true});
const MAX_DEPTH = 4;

/** Raised for whatever is not the form. */
export class FormError extends Error {}

/** The one value that the bytes hold. Raises FormError for every other form, and for what lies too deep. */
export function decode(bytes) {
    const reader = new Reader(bytes);
    const value = reader.value(MAX_DEPTH);
    if (reader.offset !== bytes.length) {
        throw new FormError("bytes after the end");
    }
    return value;
}

class Reader {
    constructor(bytes) {
        this.bytes = bytes;
        this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        this.offset = 0;
    }

    value(depth) {
        const {major, argument} = this.head();
        switch (major) {
            case 0:
                return argument;
            case 1:
                return -1 - argument;
            case 2:
                return this.take(argument);
            case 3:
                return this.text(argument);
            case 4:
                return this.array(argument, this.deeper(depth));
            case 5:
                return this.map(argument, this.deeper(depth));
            default:
                throw new FormError("a tag, a float or a simple value");
        }
    }

    /** Type and argument of the next item, the argument in its shortest encoding. */
    head() {
        const first = this.take(1)[0];
        const major = first >> 5;
        const short = first & 31;
        if (short < 24) {
            return {major, argument: short};
        }
        if (short > 27) {
            throw new FormError("indefinite or reserved");
        }
        const size = 2 ** (short - 24);
        const start = this.offset;
        this.take(size);
        const argument = this.unsigned(start, size);
        const least = size === 1 ? 24 : 2 ** (4 * size);
        if (argument < least) {
            throw new FormError("not the shortest form");
        }
        return {major, argument};
    }

    unsigned(start, size) {
        if (size === 8) {
            const big = this.view.getBigUint64(start);
            if (big > BigInt(Number.MAX_SAFE_INTEGER)) {
                throw new FormError("more than can be counted");
            }
            return Number(big);
        }
        return this.bytes.subarray(start, start + size).reduce((value, byte) => value * 256 + byte, 0);
    }

    take(length) {
        if (length > this.bytes.length - this.offset) {
            throw new FormError("the end is missing");
        }
        const part = this.bytes.subarray(this.offset, this.offset + length);
        this.offset += length;
        return part;
    }

    text(length) {
        try {
            return STRICT_UTF8.decode(this.take(length));
        } catch {
            throw new FormError("not a text");
        }
    }

    deeper(depth) {
        if (depth === 0) {
            throw new FormError("too deep");
        }
        return depth - 1;
    }

    array(length, depth) {
        this.enough(length);
        return Array.from({length}, () => this.value(depth));
    }

    map(length, depth) {
        this.enough(length);
        const entries = new Map();
        let last = null;
        for (let count = 0; count < length; count += 1) {
            const start = this.offset;
            const key = this.value(depth);
            const encoded = this.bytes.subarray(start, this.offset);
            if (last !== null && compare(last, encoded) >= 0) {
                throw new FormError("keys out of order, or twice");
            }
            if (!Number.isInteger(key)) {
                throw new FormError("a key that is no integer");
            }
            last = encoded;
            entries.set(key, this.value(depth));
        }
        return entries;
    }

    /** Each item takes a byte at least: a length beyond the rest is refused before anything is made for it. */
    enough(length) {
        if (length > this.bytes.length - this.offset) {
            throw new FormError("the end is missing");
        }
    }
}

function head(major, length) {
    if (length < 24) {
        return Uint8Array.of((major << 5) | length);
    }
    if (length < 0x100) {
        return Uint8Array.of((major << 5) | 24, length);
    }
    if (length < 0x10000) {
        return Uint8Array.of((major << 5) | 25, length >> 8, length & 255);
    }
    return Uint8Array.of((major << 5) | 26, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255);
}

/** The encoding of a byte string. */
export function encodeBytes(bytes) {
    return concat(head(2, bytes.length), bytes);
}

/** The encoding of a text. */
export function encodeText(text) {
    const bytes = UTF8.encode(text);
    return concat(head(3, bytes.length), bytes);
}
