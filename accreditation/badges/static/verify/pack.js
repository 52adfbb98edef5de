// The portraits of a day: read from the server's bytes, and kept encrypted under the key of this device.
//
// ODP1, how many, how many were left out; then for each 16 bytes of its hash, its length, and WebP.

import {compare, toHex} from "./bytes.js";

const MAGIC = "ODP1";
const HEAD = 12;
const HASH = 16;
const ENTRY_HEAD = HASH + 4;
const IV = 12;
const ALGORITHM = "AES-GCM";
/** Portraits are erased after so long without word from the server. */
export const PACK_MS = 24 * 3600 * 1000;

/** A key that encrypts and decrypts here and can be taken nowhere. */
export function newKey() {
    return crypto.subtle.generateKey({name: ALGORITHM, length: 256}, false, ["encrypt", "decrypt"]);
}

/** Whether portraits fetched at this instant may still be shown; not before it either: then the clock was set back. */
export function isFresh(fetchedAt, now) {
    return fetchedAt <= now && now < fetchedAt + PACK_MS;
}

/** The portraits of a pack as `{hash, iv, data}`, encrypted; null for bytes that are no pack. A wrong hash is left out. */
export async function lockedPortraits(bytes, key) {
    const entries = entriesOf(bytes);
    return entries && (await Promise.all(entries.map((entry) => locked(entry, key)))).filter((one) => one !== null);
}

/** The portrait as a data URL. */
export async function unlocked({hash, iv, data}, key) {
    const additionalData = new TextEncoder().encode(hash);
    const bytes = new Uint8Array(await crypto.subtle.decrypt({name: ALGORITHM, iv, additionalData}, key, data));
    return `data:image/webp;base64,${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`;
}

function entriesOf(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < HEAD || new TextDecoder("latin1").decode(bytes.subarray(0, 4)) !== MAGIC) {
        return null;
    }
    const entries = [];
    let place = HEAD;
    for (let count = view.getUint32(4); count > 0; count -= 1) {
        if (place + ENTRY_HEAD > bytes.length) {
            return null;
        }
        const end = place + ENTRY_HEAD + view.getUint32(place + HASH);
        entries.push({hash: bytes.subarray(place, place + HASH), data: bytes.subarray(place + ENTRY_HEAD, end)});
        place = end;
    }
    return place === bytes.length ? entries : null;
}

async function locked({hash, data}, key) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
    if (compare(digest.subarray(0, HASH), hash) !== 0) {
        return null;
    }
    const name = toHex(hash);
    const iv = crypto.getRandomValues(new Uint8Array(IV));
    const additionalData = new TextEncoder().encode(name);
    return {hash: name, iv, data: await crypto.subtle.encrypt({name: ALGORITHM, iv, additionalData}, key, data)};
}
