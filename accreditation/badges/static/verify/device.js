// The enrolled device behind the page: it knows its place, shows portraits, and keeps every check until it is sent.
//
// Without enrolment all of this does nothing. A device that the server refuses forgets everything at once.

import {isFresh, lockedPortraits, newKey, unlocked} from "./pack.js";
import {ask, pauseAfter, said, send} from "./server.js";
import {openVault} from "./vault.js";

const ENROLMENT = /(?:^|#)enrol-[0-9a-z]+$/i;
const BATCH = 100;
const ONE_AT_A_TIME = "observer-desk-device";
const PACK_AGAIN_MS = 3600 * 1000;
const LONGEST_PAUSE_MS = 2 * 3600 * 1000; // a longer one was noted by a clock that has been set since
const SENT = ["nonce", "result", "photo", "device_time", "list_number", "code_id"];

/** Tells "change" whenever `status()` may say something else. */
export const changes = new EventTarget();

const vault = await openVault();
let own = await vault.self(); // this device as the vault has it, null where none is enrolled
let wasRevoked = false;

/** What the page says of the device: `{name, place, waiting, refused, warnings}`; null when it is not enrolled. */
export async function status() {
    if (own === null) {
        return null;
    }
    const {name, place, refused, warnings} = own;
    return {name, place, refused, warnings, waiting: await vault.countWaiting()};
}

/** Whether the server has put an end to this device since the page was opened. */
export function isRevoked() {
    return wasRevoked;
}

/** The place where the device is, as the staff wrote it, or "". */
export function place() {
    return own?.place ?? "";
}

/** The codes of the areas in which the device is, written as those of badges are. */
export function places() {
    return own?.places ?? [];
}

/** The portrait whose hash begins with these bytes (hexadecimal), as a data URL; null when it is not there. */
export async function portrait(hash) {
    if (own === null || !(await hasFreshPack())) {
        return null;
    }
    const kept = await vault.portrait(hash);
    return kept && unlocked(kept, own.key);
}

/** Keep a check until it can be sent: `{nonce, code_id, result, photo, device_time, list_number}`. */
export async function record(scan) {
    if (own === null) {
        return;
    }
    const kept = Object.fromEntries(SENT.filter((name) => scan[name] !== "").map((name) => [name, scan[name]]));
    await vault.keep(kept);
    tellChange();
}

/** Whether a scanned text is the code of an enrolment. */
export function isEnrolment(text) {
    return ENROLMENT.test(text);
}

/** Become the device of this code. Returns "enrolled", "refused", "wait" or "offline". */
export async function enrol(code, now) {
    const answer = await send("devices/enrol", {code});
    const token = answer?.status === 200 ? said(answer)?.token : undefined;
    if (typeof token !== "string") {
        return answer === null || answer.status >= 500 ? "offline" : answer.status === 429 ? "wait" : "refused";
    }
    await vault.become({
        token, name: "", place: "", places: [], key: await newKey(), pack: null, warnings: [], refused: 0,
        waitUntil: 0,
    });
    wasRevoked = false;
    await reload();
    await sync(now);
    return "enrolled";
}

/**
 * Send what waits and fetch what is new; `now` is the time of this device in seconds, as checks have it. One at a
 * time, in whatever tab: a second one leaves it to the first.
 */
export async function sync(now) {
    await navigator.locks.request(ONE_AT_A_TIME, {ifAvailable: true}, async (lock) => {
        await reload();
        if (lock === null || own === null) {
            return;
        }
        await hasFreshPack();
        if (Date.now() >= own.waitUntil || own.waitUntil > Date.now() + LONGEST_PAUSE_MS) {
            await talk(now);
        }
    });
    tellChange();
}

/** Every step goes on only if the one before was answered well. */
async function talk(now) {
    (await sendWaiting(now)) && (await askAboutSelf()) && (await fetchPack());
}

async function sendWaiting(now) {
    for (let scans = await vault.waiting(BATCH); scans.length > 0; scans = await vault.waiting(BATCH)) {
        const body = {device_now: new Date(now * 1000).toISOString(), scans};
        const answer = await send("scans", body, {token: own.token});
        const told = (await isGood(answer)) ? said(answer) : null;
        if (!Array.isArray(told?.results)) {
            return false;
        }
        const settled = told.results.map((row) => row.nonce).filter((nonce) => typeof nonce === "string");
        const refused = told.results.filter((row) => row.status === "refused").length;
        await vault.release(settled);
        await change({warnings: told.warnings, refused: own.refused + refused});
        if (settled.length === 0) {
            return false;
        }
    }
    return true;
}

async function askAboutSelf() {
    const answer = await ask("device", {token: own.token});
    const told = (await isGood(answer)) ? said(answer) : null;
    if (!Array.isArray(told?.places)) {
        return false;
    }
    await change({name: told.name, place: told.place_code, places: told.places, warnings: told.warnings});
    return true;
}

async function fetchPack() {
    const {pack} = own;
    if (pack !== null && Date.now() < pack.fetchedAt + PACK_AGAIN_MS && isFresh(pack.fetchedAt, Date.now())) {
        return;
    }
    const answer = await ask("pack", {token: own.token, etag: pack?.etag ?? null});
    if (answer?.status === 304) {
        await change({pack: {...pack, fetchedAt: Date.now()}});
        return;
    }
    const portraits = (await isGood(answer)) ? await lockedPortraits(answer.bytes, own.key) : null;
    if (portraits !== null) {
        await vault.replacePortraits(portraits);
        await change({pack: {etag: answer.etag, fetchedAt: Date.now()}});
    }
}

/** Whether the answer is one. Who is refused forgets everything; who is sent away stays away as long as told. */
async function isGood(answer) {
    if (answer?.status === 401) {
        await vault.wipe();
        wasRevoked = true;
        await reload();
    } else if (answer !== null && answer.status !== 200) {
        await change({waitUntil: Date.now() + pauseAfter(answer)});
    }
    return answer?.status === 200;
}

/** Whether the portraits may be shown; those that are too old are erased. */
async function hasFreshPack() {
    if (own.pack === null) {
        return false;
    }
    if (isFresh(own.pack.fetchedAt, Date.now())) {
        return true;
    }
    await vault.replacePortraits([]);
    await change({pack: null});
    return false;
}

async function change(changed) {
    await vault.change(changed);
    await reload();
}

/** Another tab may have enrolled, wiped or changed the device. */
async function reload() {
    own = await vault.self();
}

function tellChange() {
    changes.dispatchEvent(new Event("change"));
}
