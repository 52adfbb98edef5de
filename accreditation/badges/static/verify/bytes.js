// Small things about bytes: base64url, hexadecimal, joining, comparing.

const ALPHABET = /^[A-Za-z0-9_-]*$/;

/** The bytes of base64url without padding; null for any other text, and for one whose last bits are not zero. */
export function fromBase64url(text) {
    if (!ALPHABET.test(text) || text.length % 4 === 1) {
        return null;
    }
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return toBase64url(bytes) === text ? bytes : null;
}

/** Base64url without padding. */
export function toBase64url(bytes) {
    let binary = "";
    for (const byte of bytes) {
        binary += String.fromCharCode(byte);
    }
    return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Hexadecimal digits, two for each byte. */
export function toHex(bytes) {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** One array of bytes after the other. */
export function concat(...parts) {
    const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
    let offset = 0;
    for (const part of parts) {
        whole.set(part, offset);
        offset += part.length;
    }
    return whole;
}

/** Below zero, zero or above zero as `a` comes before, is, or comes after `b`. A start comes before the whole. */
export function compare(a, b) {
    const shorter = Math.min(a.length, b.length);
    for (let index = 0; index < shorter; index += 1) {
        if (a[index] !== b[index]) {
            return a[index] - b[index];
        }
    }
    return a.length - b.length;
}
